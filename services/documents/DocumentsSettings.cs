using System.Globalization;
using HmsMesh.Kit;

namespace HmsMesh.Documents;

/// <summary>What the environment says about documents.</summary>
internal sealed record DocumentsSettings
{
    /// <summary>How large a document may be.</summary>
    public const long MostBytes = 10 << 20;

    /// <summary>Where the files are; all instances share it.</summary>
    public required string Folder { get; init; }

    /// <summary>How many documents one citizen may have.</summary>
    public int MostPerCitizen { get; init; } = 50;

    public static DocumentsSettings From(IConfiguration configuration)
    {
        var data = Text(configuration, "MESH_DATA") ?? Path.Combine(".mesh", "services");
        var settings = new DocumentsSettings { Folder = Path.GetFullPath(Text(configuration, "Documents:Folder") ?? Path.Combine(data, "documents")) };
        return Text(configuration, "Documents:MostPerCitizen") is { } most ? settings with { MostPerCitizen = Most(most) } : settings;
    }

    private static int Most(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most > 0
        ? most
        : throw new MeshConfigurationException($"Documents__MostPerCitizen: '{text}' is no number above 0.");

    private static string? Text(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } text ? text : null;
}
