using System.Globalization;
using System.Text;

namespace HmsMesh.Payments.Ach;

/// <summary>A record of 94 characters, put together field by field.</summary>
internal sealed class AchLine
{
    public const int Length = 94;
    private readonly StringBuilder _text = new(Length);

    /// <summary>Characters that the format has, upper case, to the left.</summary>
    public AchLine Text(string value, int width)
    {
        var plain = AchText.Of(value);
        _text.Append(plain.Length > width ? plain[..width] : plain.PadRight(width));
        return this;
    }

    /// <summary>To the right, with zeros before it; a number that does not fit would be another one.</summary>
    public AchLine Number(long value, int width)
    {
        var digits = value.ToString(CultureInfo.InvariantCulture);
        if (value < 0 || digits.Length > width)
            throw new InvalidOperationException($"{digits} does not fit {width} digits of an ACH record.");
        _text.Append(digits.PadLeft(width, '0'));
        return this;
    }

    /// <summary>As it is.</summary>
    public AchLine Code(string value)
    {
        _text.Append(value);
        return this;
    }

    public AchLine Blank(int width)
    {
        _text.Append(' ', width);
        return this;
    }

    /// <summary>The record, whole.</summary>
    public string Done() => _text.Length == Length
        ? _text.ToString()
        : throw new InvalidOperationException($"An ACH record has {Length} characters, not {_text.Length}.");
}
