using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HmsMesh.Contracts;
using HmsMesh.Services.Tests.Helpers;

namespace HmsMesh.Services.Tests.Contracts;

/// <summary>The kits for C#, Node and Python judge payloads alike: by the table in cases.json, and by every contract of the mesh.</summary>
public class SameVerdictTests
{
    private static readonly string[] Bad =
    [
        "{}", "[]", "null", "1", "\"a\"", "{'a':1}", "{\"a\":1,\"a\":2}", "NaN", "{\"a\":1} x", "",
        """{"claimId":"c","citizen":"x","amount":0.5}""", """{"claimId":"c","citizen":"x","amount":600.001}""",
        """{"claimId":"c","citizen":"x","amount":"600"}""", """{"claimId":"","citizen":"x","amount":600}""",
        """{"claimId":"c","amount":600}""", """{"bedsFree":-1}""", """{"bedsFree":1.5}""", """{"bedsFree":"4"}""",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Folder => Path.Combine(Runtimes.Root, "tests", "services", "Contracts");

    [Fact]
    public async Task Check_InCSharp_JudgesAsTheTableSays() => Compare(await TableAsync(), static one => Judge(one.Schema, one.Example, one.Text));

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    public async Task Check_InAnotherLanguage_JudgesAsTheTableSays(string language) => await CompareAsync(language, await TableAsync());

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    public async Task Check_OfEveryContractWithGoodAndBadPayloads_JudgesAsTheKitDoes(string language)
    {
        var cases = new List<Case>();
        foreach (var file in new[] { "services", "agencies" }.SelectMany(static top => Directory.GetFiles(Path.Combine(Runtimes.Root, top), "*.json", SearchOption.AllDirectories)).Where(IsContract))
        {
            var schema = JsonNode.Parse(await File.ReadAllTextAsync(file, Token))!.AsObject();
            var texts = schema["examples"]!.AsArray().Select(static one => one!.ToJsonString()).Concat(Bad);
            cases.AddRange(texts.Select(text => new Case(schema, "", text, Judge(schema, "", text))));
        }

        cases.Count(static one => one.Verdict == "good").ShouldBeGreaterThan(5);
        cases.Count(static one => one.Verdict == "bad").ShouldBeGreaterThan(50);
        await CompareAsync(language, cases);
    }

    private static async Task CompareAsync(string language, IReadOnlyList<Case> cases)
    {
        if (await Runtimes.MissingAsync(language) is { } missing)
            Assert.Skip(missing);
        var verdicts = await JudgeAsync(language, cases);
        verdicts.Count.ShouldBe(cases.Count, verdicts.LastOrDefault());
        var at = 0;
        Compare(cases, _ => verdicts[at++]);
    }

    private static void Compare(IEnumerable<Case> cases, Func<Case, string> judge)
    {
        string[] otherwise =
        [
            .. cases.Select(one => (one, Found: judge(one)))
                .Where(static pair => pair.Found.Split(' ')[0] != pair.one.Verdict)
                .Select(static pair => $"{pair.one.Text} against {pair.one.Schema.ToJsonString()} is {pair.one.Verdict}, and was judged {pair.Found}"),
        ];
        otherwise.ShouldBeEmpty();
    }

    private static async Task<List<Case>> TableAsync()
    {
        var cases = new List<Case>();
        foreach (var row in JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "cases.json"), Token))!.AsArray())
        {
            var schema = row!["schema"]!.AsObject();
            var example = row["good"]?[0]!.GetValue<string>() ?? "{}";
            foreach (var verdict in (string[])["good", "bad"])
                cases.AddRange((row[verdict]?.AsArray() ?? []).Select(text => new Case(schema, example, text!.GetValue<string>(), verdict)));
            if (row["refused"] is not null)
                cases.Add(new Case(schema, example, "{}", "refused"));
        }

        cases.Count.ShouldBeGreaterThan(300);
        return cases;
    }

    private static string Judge(JsonObject schema, string example, string text)
    {
        // A contract has examples.
        var whole = schema.DeepClone().AsObject();
        if (!whole.ContainsKey("examples"))
            whole["examples"] = new JsonArray(JsonNode.Parse(example));
        try
        {
            return Contract.Load("a.case", Encoding.UTF8.GetBytes(whole.ToJsonString())).Check(Encoding.UTF8.GetBytes(text)).IsValid ? "good" : "bad";
        }
        catch (ContractException e)
        {
            return $"refused {e.Message}";
        }
    }

    private static bool IsContract(string file) => Path.GetFileName(Path.GetDirectoryName(file)) == "contracts" && !file.Contains("/bin/", StringComparison.Ordinal);

    private static async Task<List<string>> JudgeAsync(string language, IEnumerable<Case> cases)
    {
        var kit = Path.Combine(Runtimes.Root, "services", "kit", language);
        string[] arguments = language == "node" ? [Path.Combine(Folder, "check.js"), kit] : ["-B", Path.Combine(Folder, "check.py"), kit];
        using var checker = Process.Start(new ProcessStartInfo(Runtimes.Program(language), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
            Environment = { ["PYTHONUTF8"] = "1" },
        })!;
        var reading = checker.StandardOutput.ReadToEndAsync(Token);
        foreach (var one in cases)
            await checker.StandardInput.WriteLineAsync($$"""{"schema":{{one.Schema.ToJsonString()}},"text":{{JsonSerializer.Serialize(one.Text)}}}""".AsMemory(), Token);
        checker.StandardInput.Close();
        var said = await reading;
        await checker.WaitForExitAsync(Token);
        return [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private sealed record Case(JsonObject Schema, string Example, string Text, string Verdict);
}
