namespace HmsMesh.Sidecar.Cel;

/// <summary>What an expression may cost. Each limit is an error with its name, never a hang or a crash.</summary>
public static class CelLimits
{
    /// <summary>Characters of an expression.</summary>
    public const int MaxLength = 100_000;

    /// <summary>Levels of nesting: brackets, calls, selections, and operators of one precedence in a row. <c>||</c> and <c>&amp;&amp;</c> do not count.</summary>
    public const int MaxDepth = 250;

    /// <summary>Nodes of a parsed expression.</summary>
    public const int MaxNodes = 20_000;

    /// <summary>Steps of one evaluation: one for each node visited, and one for each <see cref="UnitSize"/> characters, bytes or elements handled.</summary>
    public const int MaxCost = 1_000_000;

    /// <summary>Characters, bytes or elements that an operation handles for one step.</summary>
    public const int UnitSize = 16;

    /// <summary>Characters of a regular expression.</summary>
    public const int MaxPatternLength = 1_000;

    /// <summary>Patterns known at run time only that stay compiled.</summary>
    public const int MaxKeptPatterns = 32;
}
