namespace HmsMesh.Payments.Payees;

/// <summary>The routing number of the American Bankers Association: eight digits and one to check them.</summary>
internal static class RoutingNumber
{
    public const int Digits = 9;

    /// <summary>The digits times 3, 7, 1, 3, 7, 1, 3, 7, 1 come to a multiple of ten.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length != Digits || !text.All(char.IsAsciiDigit) || text.All(c => c == '0'))
            return false;
        ReadOnlySpan<int> weights = [3, 7, 1];
        var sum = 0;
        for (var i = 0; i < Digits; i++)
            sum += (text[i] - '0') * weights[i % weights.Length];
        return sum % 10 == 0;
    }
}
