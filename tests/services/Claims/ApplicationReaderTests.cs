using System.Text.Json;
using System.Text.Json.Nodes;
using HmsMesh.Claims.Intake;

namespace HmsMesh.Services.Tests.Claims;

/// <summary>Each field of the form, with what it must be and what is said otherwise.</summary>
public class ApplicationReaderTests
{
    private static readonly DateOnly Today = new(2026, 11, 27);

    [Fact]
    public void Read_OfAWholeForm_TakesEveryField()
    {
        var (form, errors) = Read(Form());

        errors.ShouldBeEmpty();
        form.ShouldNotBeNull().ShouldSatisfyAllConditions(
            f => f.Employer.ShouldBe("Acme"),
            f => f.LastDay.ShouldBe(new DateOnly(2026, 10, 30)),
            f => f.WeeksWorked.ShouldBe(40),
            f => f.WeeklyIncomeCents.ShouldBe(1050),
            f => f.AbleToWork.ShouldBeTrue(),
            f => f.Veteran.ShouldBeFalse(),
            f => f.Document.ShouldBe("/api/documents/doc-1"));
    }

    [Theory]
    [InlineData("employer", "\"\"")]
    [InlineData("employer", "\"   \"")]
    [InlineData("employer", "7")]
    [InlineData("employer", "\"a\\u0000b\"")]
    [InlineData("lastDay", "\"30.10.2026\"")]
    [InlineData("lastDay", "\"2026-02-30\"")]
    [InlineData("lastDay", "\"2026-11-29\"")]
    [InlineData("lastDay", "\"2021-11-26\"")]
    [InlineData("reason", "\"bored\"")]
    [InlineData("reason", "null")]
    [InlineData("weeksWorked", "-1")]
    [InlineData("weeksWorked", "521")]
    [InlineData("weeksWorked", "3.5")]
    [InlineData("weeksWorked", "\"40\"")]
    [InlineData("weeksWorked", "1e400")]
    [InlineData("weeklyIncome", "-0.01")]
    [InlineData("weeklyIncome", "10.001")]
    [InlineData("weeklyIncome", "100000.01")]
    [InlineData("ableToWork", "\"yes\"")]
    [InlineData("veteran", "1")]
    [InlineData("document", "\"https://elsewhere.example/a.pdf\"")]
    [InlineData("document", "\"/api/documents/../payee\"")]
    [InlineData("document", "\"/api/documents/doc-1\\n\"")]
    [InlineData("document", "{}")]
    public void Read_OfAFieldThatCannotBe_SaysSoAtTheField(string field, string value)
    {
        var form = Form();
        form[field] = JsonNode.Parse(value);

        Read(form).Errors.Keys.ShouldBe([field]);
    }

    [Theory]
    [InlineData("weeksWorked", "40.0")]
    [InlineData("weeksWorked", "0")]
    [InlineData("weeksWorked", "520")]
    [InlineData("weeklyIncome", "100000")]
    [InlineData("weeklyIncome", "0.1")]
    [InlineData("lastDay", "\"2026-11-28\"")]
    [InlineData("lastDay", "\"2021-11-27\"")]
    [InlineData("document", "null")]
    public void Read_AtTheEdge_IsTaken(string field, string value)
    {
        var form = Form();
        form[field] = JsonNode.Parse(value);

        Read(form).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Read_OfAnEmptyForm_NamesEveryFieldThatIsNeeded() => Read([]).Errors.Keys.Order().ShouldBe(
        ["ableToWork", "employer", "lastDay", "reason", "veteran", "weeklyIncome", "weeksWorked"]);

    [Fact]
    public void Read_OfAnEmployerOf81Letters_IsRefused()
    {
        var form = Form();
        form["employer"] = new string('a', 81);

        Read(form).Errors.Keys.ShouldBe(["employer"]);
    }

    [Fact]
    public void Read_OfHalfASurrogatePair_IsRefused()
    {
        using var json = JsonDocument.Parse("""{"employer":"\ud800"}""");

        ApplicationReader.Read(json.RootElement, Today, Words.English).Errors.ShouldContainKey("employer");
    }

    [Fact]
    public void Fingerprint_OfOtherAnswers_Differs()
    {
        var other = Form();
        other["weeksWorked"] = 41;

        Read(other).Form!.Fingerprint.ShouldNotBe(Read(Form()).Form!.Fingerprint);
        Read(Form()).Form!.Fingerprint.ShouldBe(Read(Form()).Form!.Fingerprint);
    }

    private static JsonObject Form() => new()
    {
        ["employer"] = " Acme ",
        ["lastDay"] = "2026-10-30",
        ["reason"] = "laid-off",
        ["weeksWorked"] = 40,
        ["weeklyIncome"] = 10.5m,
        ["ableToWork"] = true,
        ["veteran"] = false,
        ["document"] = "/api/documents/doc-1",
    };

    private static (Application? Form, Dictionary<string, string[]> Errors) Read(JsonObject form)
    {
        using var json = JsonDocument.Parse(form.ToJsonString());
        return ApplicationReader.Read(json.RootElement, Today, Words.English);
    }
}
