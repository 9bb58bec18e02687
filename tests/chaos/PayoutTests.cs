using System.Text.Json;

namespace HmsMesh.Chaos.Tests;

public class PayoutTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Payout_PaymentsNotifierAndBankAreKilled_PaysEachApprovedClaimOnce()
    {
        var claims = Size.Of(150, 5_000);

        var (exitCode, output, errors) = await Chaos.RunAsync("payout", "--claims", $"{claims}", "--json");

        exitCode.ShouldBe(0, errors + output);
        using var report = JsonDocument.Parse(output);
        var root = report.RootElement;
        var approved = root.GetProperty("approved").GetInt32();
        root.GetProperty("posted").GetInt32().ShouldBe(claims);
        root.GetProperty("decided").GetInt32().ShouldBe(claims);
        root.GetProperty("paid").GetInt32().ShouldBe(approved);
        root.GetProperty("denied").GetInt32().ShouldBeInRange(1, claims - 1);
        root.GetProperty("bankEntries").GetInt32().ShouldBe(approved);
        root.GetProperty("bankCents").GetInt64().ShouldBe(approved * 60_000L);
        root.GetProperty("ledgerCents").GetInt64().ShouldBe(approved * 60_000L);
        root.GetProperty("kills").GetProperty("payments").GetInt32().ShouldBeGreaterThan(0);
        root.GetProperty("kills").GetProperty("bank").GetInt32().ShouldBeGreaterThan(0);
        if (root.GetProperty("mails") is { ValueKind: JsonValueKind.Object } mails)
            mails.GetProperty("denied").GetInt32().ShouldBe(root.GetProperty("denied").GetInt32());
        else
            root.GetProperty("mailsSkipped").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Payout_BooksThatAreTamperedWith_AreFoundOut()
    {
        var (exitCode, output, errors) = await Chaos.RunAsync("payout", "--claims", "30", "--calm", "--tamper", "--seed", "1", "--json");

        exitCode.ShouldBe(1, errors + output);
        using var report = JsonDocument.Parse(output);
        var wrong = report.RootElement.GetProperty("wrong").EnumerateArray().Select(static one => one.GetString()!).ToList();
        wrong.ShouldContain(static one => one.StartsWith("lost: ") && one.EndsWith("which is not in the database of claims"));
        wrong.ShouldContain(static one => one.StartsWith("decided wrongly: "));
        wrong.ShouldContain(static one => one.StartsWith("bank: it credited claim ") && one.EndsWith(" 2 times"));
        wrong.ShouldContain(static one => one.StartsWith("ledger: ") && one.EndsWith("are pending for ever"));
        wrong.ShouldContain(static one => one.StartsWith("ledger: it says "));
        if (report.RootElement.GetProperty("mails").ValueKind is JsonValueKind.Object)
            wrong.ShouldContain(static one => one.StartsWith("not mailed: claim.denied "));
        errors.ShouldContain("are kept in ");
    }
}
