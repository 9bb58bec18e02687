using System.Globalization;

namespace HmsMesh.Kit;

/// <summary>Values that a statement asks for by "in", a parameter for each. Dapper's own "in @list" is expanded on SQLite alone: PostgreSQL
/// gets an array there, which "in" does not take.</summary>
public sealed class SqlList
{
    private readonly Dictionary<string, object> _parameters = new(StringComparer.Ordinal);

    public SqlList(string name, IEnumerable<string> values)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        foreach (var value in values)
        {
            _parameters.Add(string.Create(CultureInfo.InvariantCulture, $"{name}{_parameters.Count}"), value);
        }

        Sql = _parameters.Count == 0 ? "(null)" : $"(@{string.Join(", @", _parameters.Keys)})";
    }

    /// <summary>What follows "in": (@id0, @id1). Of no values, a list that nothing is in.</summary>
    public string Sql { get; }

    /// <summary>The values, and what else the statement needs.</summary>
    public IReadOnlyDictionary<string, object> With(params ReadOnlySpan<(string Name, object Value)> others)
    {
        var all = new Dictionary<string, object>(_parameters, StringComparer.Ordinal);
        foreach (var (name, value) in others)
        {
            all.Add(name, value);
        }

        return all;
    }
}
