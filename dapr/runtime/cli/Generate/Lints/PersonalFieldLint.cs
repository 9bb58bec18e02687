using System.Text.RegularExpressions;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>No personal data in the mesh: a citizen is an opaque id. A field's name gives it away.</summary>
internal static partial class PersonalFieldLint
{
    public const string Name = "personal-field";

    // Whole words of a field: zip and mailCode, but not zipped or filename.
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "name", "names", "forename", "nickname", "mail", "ssn", "sin", "dob", "born", "tel", "cell", "mobile", "fax", "street", "zip", "postcode",
        "apartment", "iban", "bic", "routing", "card", "cvv", "pin", "sex", "gender", "race", "ethnicity", "religion", "disability", "diagnosis",
        "passport", "visa", "license", "licence", "login", "password", "signature", "fingerprint", "photo", "portrait", "latitude", "longitude",
        "spouse", "age", "income", "salary",
    };

    // Parts that no harmless word contains, so that emailaddress and dateofbirth are found too.
    private static readonly string[] Parts =
    [
        "email", "phone", "birth", "address", "account", "surname", "firstname", "lastname", "middlename", "fullname", "maidenname", "username",
        "zipcode", "postalcode", "socialsecurity", "taxid", "taxpayer",
    ];

    public static bool LooksPersonal(string field)
    {
        var words = Boundary().Split(field).Select(word => word.ToLowerInvariant()).Where(word => word.Length > 0).ToList();
        var joined = string.Concat(words);
        return words.Any(Words.Contains) || Parts.Any(part => joined.Contains(part, StringComparison.Ordinal));
    }

    // bedsFree, BEDSFree, beds_free, beds-free and beds free are all two words.
    [GeneratedRegex("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", RegexOptions.None, 1000)]
    private static partial Regex Boundary();
}
