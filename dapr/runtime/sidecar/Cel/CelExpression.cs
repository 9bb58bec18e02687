using System.Text.Json;

namespace HmsMesh.Sidecar.Cel;

/// <summary>
/// A compiled CEL expression: the rule of a route, or the condition that trips a breaker. It is checked once; an evaluation reads the JSON of the
/// event in place. Thread-safe.
/// </summary>
public sealed class CelExpression
{
    private static readonly string[] EventOnly = ["event"];

    private readonly CelNode _root;
    private readonly int _slots;
    private readonly string[] _variables;

    private CelExpression(string text, string[] variables, CelNode root, int slots)
    {
        Text = text;
        _variables = variables;
        _root = root;
        _slots = slots;
    }

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>Parses and checks a rule over <c>event</c>; on failure <paramref name="problem"/> names line and column.</summary>
    public static bool TryParse(string text, out CelExpression? expression, out string? problem) =>
        TryParse(text, EventOnly, out expression, out problem);

    /// <summary>Parses and checks an expression over these variables.</summary>
    public static bool TryParse(string text, IEnumerable<string> variables, out CelExpression? expression, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(variables);
        expression = null;
        if (text.Length > CelLimits.MaxLength)
        {
            problem = $"longer than {CelLimits.MaxLength} characters";
            return false;
        }

        try
        {
            var names = variables.ToArray();
            var root = CelParser.Parse(text);
            var checker = new CelChecker(names);
            var type = root.Check(checker);
            expression = new CelExpression(text, names, root, checker.Slots);
            problem = type.IsDyn || type == CelType.Bool ? null : $"line 1, column 1: a condition is bool, and this is {type}";
            if (problem is not null) expression = null;
        }
        catch (CelSyntaxException e)
        {
            problem = Placed(text, e);
        }

        return expression is not null;
    }

    /// <summary>Evaluates with <c>event</c> bound to the envelope. An error, or a value that is no bool, is a failure with its reason.</summary>
    public bool TryMatch(JsonElement envelope, out bool matches, out string? problem) => TryMatch([CelValue.Of(envelope)], out matches, out problem);

    /// <summary>Evaluates with whole numbers bound to the variables, in the order in which they were declared.</summary>
    public bool TryMatch(ReadOnlySpan<long> values, out bool matches, out string? problem)
    {
        if (values.Length != _variables.Length) throw new ArgumentException($"the expression has {_variables.Length} variables", nameof(values));
        var bound = new CelValue[values.Length];
        for (var i = 0; i < bound.Length; i++) bound[i] = CelValue.Of(values[i]);
        return TryMatch(bound, out matches, out problem);
    }

    /// <summary>A value for tests: no rule needs more than a bool.</summary>
    internal CelValue Evaluate(params ReadOnlySpan<CelValue> values)
    {
        var slots = new CelValue[_slots];
        values.CopyTo(slots);
        var context = new CelContext(slots);
        try
        {
            var value = _root.Evaluate(context);
            return context.IsExhausted ? CelContext.TooCostly() : value;
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json tells only when it decodes a string that an escape in it is half a surrogate pair.
            return CelValue.Error("a string of the event is not Unicode");
        }
    }

    /// <summary>As <see cref="TryParse(string, out CelExpression?, out string?)"/>, for an expression of any type.</summary>
    internal static CelExpression Compile(string text, params string[] variables)
    {
        var root = CelParser.Parse(text);
        var checker = new CelChecker(variables);
        root.Check(checker);
        return new CelExpression(text, variables, root, checker.Slots);
    }

    private static string Placed(string text, CelSyntaxException e)
    {
        var before = text.AsSpan(0, Math.Min(e.Position, text.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - (before.LastIndexOf('\n') + 1) + 1;
        return $"line {line}, column {column}: {e.Message}";
    }

    private bool TryMatch(ReadOnlySpan<CelValue> values, out bool matches, out string? problem)
    {
        var value = Evaluate(values);
        matches = value.IsTrue;
        problem = value.Kind switch
        {
            CelKind.Bool => null,
            CelKind.Error => value.Problem,
            _ => $"the result is {CelTypeNames.Of(value)}, not bool",
        };
        return problem is null;
    }
}
