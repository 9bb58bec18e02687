namespace HmsMesh.Sidecar.Tests.Cel;

/// <summary>Cases as text: a line <c># section</c>, then <c>expression  =>  value</c>. The sections are those of the language definition.</summary>
internal static class CelTable
{
    public static TheoryData<string, string, string> Read(string text)
    {
        var cases = new TheoryData<string, string, string>();
        var section = string.Empty;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                section = line[2..];
                continue;
            }

            var cut = line.LastIndexOf("  =>  ", StringComparison.Ordinal);
            cut.ShouldBeGreaterThan(0, line);
            cases.Add(section, line[..cut].TrimEnd(), line[(cut + 6)..].Trim());
        }

        return cases;
    }
}
