using System.Globalization;

namespace HmsMesh.Kit;

/// <summary>A statement that asks for one of many values, a parameter for each. Dapper's own "in @list" is expanded on SQLite alone:
/// PostgreSQL gets an array there, which "in" does not take.</summary>
public sealed class SqlList
{
    private readonly Dictionary<string, object> _parameters = new(StringComparer.Ordinal);

    /// <param name="sql">The statement, with "in @NAME" where the values are asked for. Of none, nothing is in the list.</param>
    /// <param name="name">That name.</param>
    /// <param name="values">The values.</param>
    public SqlList(string sql, string name, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(values);
        foreach (var value in values)
        {
            _parameters.Add(string.Create(CultureInfo.InvariantCulture, $"{name}{_parameters.Count}"), value);
        }

        Sql = sql.Replace($"in @{name}", _parameters.Count == 0 ? "in (null)" : $"in (@{string.Join(", @", _parameters.Keys)})", StringComparison.Ordinal);
    }

    /// <summary>The statement, with a parameter for each value.</summary>
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
