using System.Text.Json;

namespace HmsMesh.Claims.Decisions;

/// <summary>One thing that a rule looks at, by one of three comparisons.</summary>
/// <param name="Field">A field of <see cref="Facts"/>.</param>
/// <param name="Is">Equal to this text or truth value.</param>
/// <param name="Below">Less than this number.</param>
/// <param name="Above">Greater than this number.</param>
internal sealed record Condition(string Field, JsonElement? Is = null, decimal? Below = null, decimal? Above = null)
{
    public bool Holds(Facts facts) => facts[Field] switch
    {
        bool flag => Is is { } wanted && flag == wanted.GetBoolean(),
        string text => Is is { } wanted && text == wanted.GetString(),
        decimal number => (Below is { } below && number < below) || (Above is { } above && number > above),
        _ => false,
    };
}
