using HmsMesh.Cli.Generate.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HmsMesh.Cli.Tests.Generate;

public class YamlTextTests
{
    public static TheoryData<string> Texts =>
    [
        "", " ", "plain", "two words", "trailing ", " leading", "yes", "No", "NULL", "~", "true", "on", "y", "1", "-1", "0x1F", "1e3", "1_000", ".5", "+1",
        ".inf", ".NaN", "12:30:45", "2024-01-01", "24h", "a: b", "a:b", "a #b", "#a", "- a", "-", "?", "? a", "[a]", "{a}", "*a", "&a", "!a", "|", ">",
        "%a", "@a", "`a", "'", "it's", "\"quoted\"", "a\\b", "a\nb", "a\r\nb", "\t", "a\tb", "\u0000", "\u0007", "\u0085", "\u2028", "\uFEFF", "ä", "日本",
        "😀", "${HOME}/x", "../a", ".", "..", "...", "---", "--- a", "=", "<<", "a,b", "a;b=c", "null ", "key:", "localhost:6379",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Write_Text_IsReadAsTheSameText(string text)
    {
        var yaml = YamlText.Write([], new YamlMap { { "value", text }, { "list", new[] { text, text } }, { "last", text } });

        var map = Yaml.Documents(yaml).Single();

        ShouldBeText(map["value"], text);
        foreach (var item in (YamlSequenceNode)map["list"])
            ShouldBeText(item, text);
        ShouldBeText(map["last"], text);
    }

    [Fact]
    public void Write_RandomTexts_AreReadAsTheSameTextsInKeysAndValues()
    {
        var random = new Random(20240401);
        const string Letters = "ab:1-#'\"\\ \t\n\r{}[],&*!|>%@`~=<?.0xeE+_/$\u0001\u0085é日";
        for (var round = 0; round < 2000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(8)).Select(_ => Letters[random.Next(Letters.Length)])]);

            var map = Yaml.Documents(YamlText.Write(["head"], new YamlMap { { "k" + text, text } })).Single();

            map.Children.Single().Key.ShouldBe(new YamlScalarNode("k" + text));
            ShouldBeText(map.Children.Single().Value, text);
        }
    }

    [Fact]
    public void Write_Nested_IsIndentedByTwo()
    {
        var yaml = YamlText.Write(
            ["By hand."],
            new YamlMap
            {
                { "a", new YamlMap { { "b", new[] { "c" } }, { "empty", new YamlMap() }, { "none", Array.Empty<string>() } } },
                { "list", new List<YamlMap> { new() { { "z", 1 }, { "flag", true }, { "in", new YamlMap { { "x", "y1" } } } }, new() { { "m", "true" } } } },
            },
            new YamlMap { { "second", "document" } });

        yaml.ShouldBe("""
            # By hand.
            a:
              b:
                - c
              empty: {}
              none: []
            list:
              - z: 1
                flag: true
                in:
                  x: y1
              - m: 'true'
            ---
            second: document

            """);
    }

    private static void ShouldBeText(YamlNode node, string text)
    {
        var scalar = node.ShouldBeOfType<YamlScalarNode>();
        scalar.Value.ShouldBe(text);
        if (scalar.Style == ScalarStyle.Plain)
            YamlScalar.MeansSomethingElse(text).ShouldBeFalse();
    }
}
