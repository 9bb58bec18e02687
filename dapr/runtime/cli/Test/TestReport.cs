using System.Xml;
using System.Xml.Linq;

namespace HmsMesh.Cli.Test;

/// <summary>Reads the XML that xunit's runner writes.</summary>
internal static class TestReport
{
    /// <summary>The tally of a report and the reasons of its skips, or null where the file is missing or cut off.</summary>
    public static (TestTally Tally, IReadOnlyList<string> Skips)? Read(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            var assemblies = XDocument.Load(file).Root!.Elements("assembly").ToList();
            var tally = assemblies.Aggregate(default(TestTally), (sum, a) => sum
                + new TestTally(Count(a, "passed"), Count(a, "failed") + Count(a, "errors"), Count(a, "skipped")));
            var skips = assemblies.Descendants("test")
                .Where(t => (string?)t.Attribute("result") == "Skip")
                .Select(t => $"{(string?)t.Attribute("name")}: {t.Element("reason")?.Value}");
            return (tally, [.. skips]);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static int Count(XElement element, string name) => (int?)element.Attribute(name) ?? 0;
}
