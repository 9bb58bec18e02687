using System.Text;

namespace HmsMesh.Payments.Ach;

/// <summary>Text in the characters of the ACH format: capital letters, digits and a few signs of ASCII. Accents are left out.</summary>
internal static class AchText
{
    private const string Accented = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝĀĂĄĆČĎĐĒĖĘĚĞĪĮİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽ";
    private const string Plain = "AAAAAACEEEEIIIINOOOOOOUUUUYAAACCDDEEEEGIIILNNOORSSSTUUUZZZ";
    private const string Signs = " .,-/&'()#";

    public static string Of(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var character in value)
        {
            var upper = char.ToUpperInvariant(character);
            var at = Accented.IndexOf(upper, StringComparison.Ordinal);
            if (at >= 0)
                upper = Plain[at];
            text.Append(char.IsAsciiLetterOrDigit(upper) || Signs.Contains(upper, StringComparison.Ordinal) ? upper : ' ');
        }

        return text.ToString();
    }
}
