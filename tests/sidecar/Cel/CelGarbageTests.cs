using System.Text;
using System.Text.Json;
using HmsMesh.Sidecar.Cel;

namespace HmsMesh.Sidecar.Tests.Cel;

/// <summary>Whatever is written as a rule, the answer is a rule or a problem with its place.</summary>
public class CelGarbageTests
{
    private static readonly string[] Words =
    [
        "event", ".", "type", "==", "!=", "<", ">=", "in", "&&", "||", "!", "-", "+", "*", "/", "%", "?", ":", "(", ")", "[", "]", "{", "}", ",", "1", "2u",
        "3.5", "'a'", "\"b\"", "b'c'", "r'\\d'", "'''", "null", "true", "has", "all", "exists", "map", "x", "size", "matches", "timestamp", "duration",
        "int", "string", " ", "\n", "//", "\\", "'", "\"", "0x", "1e", "\ud800", "😀", "\0",
    ];

    [Fact]
    public void TryParse_RandomWords_NeverThrows() => Try(random =>
        string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Words[random.Next(Words.Length)] + (random.Next(3) == 0 ? " " : string.Empty))));

    [Fact]
    public void TryParse_RandomCharacters_NeverThrows() => Try(random =>
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 40); i > 0; i--) text.Append((char)(random.Next(10) == 0 ? random.Next(0, 0x10000) : random.Next(32, 127)));
        return text.ToString();
    });

    [Fact]
    public void TryParse_RulesWithOneCharacterChanged_NeverThrows()
    {
        string[] rules =
        [
            "event.data.list.map(x, x > 1.0, [x, {'a': x}])[0][1].a == 2.0 || has(event.data.n)",
            "timestamp(event.time) - duration('1h30m') < timestamp('2026-01-01T00:00:00Z') ? event.type.matches('^[a-z]+\\\\.(x|y)$') : false",
            "!(event.data.n in [1, 2.5, -3]) && size(event.type) % 2 == 0 && string(event.data.n) + 'u' != b'\\x41' + b'''q'''",
        ];
        Try(random =>
        {
            var rule = new StringBuilder(rules[random.Next(rules.Length)]);
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                var at = random.Next(rule.Length);
                if (random.Next(3) == 0) rule.Remove(at, 1);
                else rule[at] = (char)random.Next(32, 127);
            }

            return rule.ToString();
        });
    }

    private static void Try(Func<Random, string> write)
    {
        using var envelope = JsonDocument.Parse("""{"type":"a.b","time":"2026-01-01T00:00:00Z","data":{"n":1,"list":[1,2,3]}}""");
        var random = new Random(20261123);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = write(random);
            if (CelExpression.TryParse(text, out var expression, out var problem))
            {
                // An evaluation ends in a bool or in a reason, whatever the rule is.
                expression!.TryMatch(envelope.RootElement, out _, out problem).ShouldBe(problem is null, text);
            }
            else
            {
                refused++;
                problem.ShouldNotBeNull(text).ShouldStartWith("line ", Case.Sensitive, text);
            }
        }

        refused.ShouldBeGreaterThan(0);
    }
}
