using System.Diagnostics;
using System.Text.Json;
using HmsMesh.Contracts;

namespace HmsMesh.Services.Tests.Python;

/// <summary>The helper of services in Python judges payloads as the kit does.</summary>
public class PythonContractTests
{
    private static readonly string[] Bad =
    [
        "{}", "[]", "null", "1", "\"a\"", "{'a':1}", "{\"a\":1,\"a\":2}", "NaN", "{\"a\":1} x", "",
        """{"claimId":"c","citizen":"x","amount":0.5}""", """{"claimId":"c","citizen":"x","amount":600.001}""",
        """{"claimId":"c","citizen":"x","amount":"600"}""", """{"claimId":"","citizen":"x","amount":600}""",
        """{"claimId":"c","amount":600}""", """{"bedsFree":-1}""", """{"bedsFree":1.5}""", """{"bedsFree":"4"}""",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_OfEveryContractWithGoodAndBadPayloads_JudgesAsTheKitDoes()
    {
        if (!HasPython())
            Assert.Skip("python3 is not there: install it");
        var root = Root();
        var cases = new List<(string Schema, string Text, bool Good)>();
        foreach (var file in Directory.GetFiles(Path.Combine(root, "services"), "*.json", SearchOption.AllDirectories).Where(IsContract))
        {
            var schema = await File.ReadAllTextAsync(file, Token);
            var contract = Contract.Load(Path.GetFileNameWithoutExtension(file), System.Text.Encoding.UTF8.GetBytes(schema));
            var examples = JsonDocument.Parse(schema).RootElement.GetProperty("examples").EnumerateArray().Select(static one => one.GetRawText());
            cases.AddRange(examples.Concat(Bad).Select(text => (schema, text, contract.Check(System.Text.Encoding.UTF8.GetBytes(text)).IsValid)));
        }

        cases.Count(static one => one.Good).ShouldBeGreaterThan(5);
        cases.Count(static one => !one.Good).ShouldBeGreaterThan(50);
        var verdicts = await JudgeAsync(root, cases.Select(static one => $$"""{"schema":{{Flat(one.Schema)}},"text":{{JsonSerializer.Serialize(one.Text)}}}"""));
        verdicts.Count.ShouldBe(cases.Count);
        foreach (var (one, verdict) in cases.Zip(verdicts))
            (verdict == "good").ShouldBe(one.Good, $"{one.Text} against {one.Schema}: {verdict}");
    }

    private static bool IsContract(string file) => Path.GetFileName(Path.GetDirectoryName(file)) == "contracts" && !file.Contains("/bin/", StringComparison.Ordinal);

    private static string Flat(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement);

    private static async Task<List<string>> JudgeAsync(string root, IEnumerable<string> lines)
    {
        using var python = Process.Start(new ProcessStartInfo("python3")
        {
            ArgumentList = { "-B", Path.Combine(root, "tests", "services", "Python", "check.py"), Path.Combine(root, "services", "kit", "python") },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var reading = python.StandardOutput.ReadToEndAsync(Token);
        foreach (var line in lines)
            await python.StandardInput.WriteLineAsync(line.AsMemory(), Token);
        python.StandardInput.Close();
        var said = await reading;
        await python.WaitForExitAsync(Token);
        return [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static bool HasPython() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(Path.Combine(folder, "python3")));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HmsMesh.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not in a clone");
        return folder;
    }
}
