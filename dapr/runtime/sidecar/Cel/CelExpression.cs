using System.Text.Json;

namespace HmsMesh.Sidecar.Cel;

/// <summary>A compiled CEL expression of a routing rule.</summary>
public sealed class CelExpression
{
    private CelExpression()
    {
    }

    /// <summary>Parses and checks; on failure <paramref name="problem"/> names line and column.</summary>
    public static bool TryParse(string text, out CelExpression? expression, out string? problem) => throw new NotImplementedException();

    /// <summary>Evaluates with <c>event</c> bound to the envelope. An error, or a value that is no bool, is a failure with its reason.</summary>
    public bool TryMatch(JsonElement envelope, out bool matches, out string? problem) => throw new NotImplementedException(envelope.ToString());
}
