using Newtonsoft.Json.Linq;

namespace HmsMesh.Contracts;

/// <summary>A number without a fraction that is too large for a long: an integer all the same.</summary>
#pragma warning disable MA0097 // The library compares tokens by itself.
internal sealed class WholeNumber : JValue
#pragma warning restore MA0097
{
    public WholeNumber(decimal value)
        : base(value)
    {
    }

    public WholeNumber(double value)
        : base(value)
    {
    }

    public override JTokenType Type => JTokenType.Integer;
}
