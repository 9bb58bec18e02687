using System.Reflection;
using System.Text.Json;
using HmsMesh.Claims.Decisions;
using HmsMesh.Kit;

namespace HmsMesh.Services.Tests.Claims;

/// <summary>The rules against their table of cases, and rules files that cannot be used.</summary>
public class RulebookTests
{
    private static readonly Rulebook Rules = Rulebook.Load();

    private static string Folder => Path.Combine(
        typeof(RulebookTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "services", "claims", "rules");

    public static TheoryData<string> Cases
    {
        get
        {
            using var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "unemployment.cases.json")));
            return [.. table.RootElement.EnumerateArray().Select(c => c.GetRawText())];
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decide_ByTheTable_IsWhatItSays(string row)
    {
        using var json = JsonDocument.Parse(row);
        var one = json.RootElement;
        var facts = new Facts(
            Get(one, "ableToWork")?.GetBoolean() ?? true,
            Get(one, "veteran")?.GetBoolean() ?? false,
            Get(one, "reason")?.GetString() ?? "laid-off",
            Get(one, "weeksWorked")?.GetDecimal() ?? 40,
            Get(one, "weeklyIncome")?.GetDecimal() ?? 0,
            Get(one, "daysSinceLastDay")?.GetDecimal() ?? 14);

        var decision = Rules.Decide(facts);

        decision.Rule.ShouldBe(one.GetProperty("rule").GetString());
        decision.Approved.ShouldBe(one.GetProperty("approved").GetBoolean());
        decision.Amount.ShouldBe(decision.Approved ? 600.00m : null);
        decision.Version.ShouldNotBeEmpty();
        new[] { decision.Explanation.En, decision.Explanation.Es }.ShouldAllBe(e => e.Length > 20 && !e.Contains('{'));
    }

    [Fact]
    public void Table_OfCases_MeetsEveryRule() =>
        Cases.Select(c => JsonDocument.Parse(c.Data).RootElement.GetProperty("rule").GetString()!).Distinct().Order().ShouldBe(Rules.Ids.Order());

    [Fact]
    public void Explanation_WithALimit_SaysIt() =>
        Rules.Decide(new Facts(true, false, "laid-off", 19, 0, 1)).Explanation.En.ShouldContain("20 weeks");

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("null", "it is null")]
    [InlineData("""{"version":"1","title":"t","amount":600,"rules":[]}""", "otherwise")]
    [InlineData("""{"version":"1","title":"t","amount":0.5,"rules":[],"otherwise":{"id":"a","explanation":{"en":"e","es":"e"}}}""", "amount is in dollars")]
    [InlineData("""{"version":"1","title":"t","amount":600.001,"rules":[],"otherwise":{"id":"a","explanation":{"en":"e","es":"e"}}}""", "two decimals")]
    [InlineData("""{"version":"1","title":"t","amount":600,"rules":[],"otherwise":{"id":"a","explanation":{"en":"e","es":""}}}""", "English and Spanish")]
    [InlineData("""{"version":"1","title":"t","amount":600,"rules":[],"otherwise":{"id":"a","explanation":{"en":"e","es":"e"}},"more":1}""", "more")]
    public void Parse_OfWhatIsNoRulesFile_SaysWhatIsWrong(string json, string fault) =>
        Should.Throw<MeshConfigurationException>(() => Rulebook.Parse(json)).Message.ShouldContain(fault);

    [Theory]
    [InlineData("""{"field":"colour","is":"red"}""", "there is no field colour")]
    [InlineData("""{"field":"weeksWorked","is":3}""", "say below or above")]
    [InlineData("""{"field":"weeksWorked"}""", "one of is, below and above")]
    [InlineData("""{"field":"weeksWorked","below":3,"above":9}""", "one of is, below and above")]
    [InlineData("""{"field":"ableToWork","is":"no"}""", "true or false")]
    [InlineData("""{"field":"reason","is":"bored"}""", "laid-off")]
    public void Parse_OfACondition_ThatCannotBe_SaysWhatIsWrong(string condition, string fault)
    {
        var json = """
            {"version":"1","title":"t","amount":600,"rules":[{"id":"r","when":[CONDITION],"explanation":{"en":"e","es":"e"}}],
             "otherwise":{"id":"a","explanation":{"en":"e","es":"e"}}}
            """.Replace("CONDITION", condition, StringComparison.Ordinal);

        Should.Throw<MeshConfigurationException>(() => Rulebook.Parse(json)).Message.ShouldContain(fault);
    }

    private static JsonElement? Get(JsonElement row, string field) => row.TryGetProperty(field, out var value) ? value : null;
}
