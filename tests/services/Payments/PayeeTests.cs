using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>The payee vault as the citizen sees it, and that nobody else sees anything.</summary>
public sealed class PayeeTests : IAsyncLifetime
{
    private PaymentsRig _rig = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _rig = await PaymentsRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Get_OfOnesOwn_TellsTheEndOfTheAccount()
    {
        await _rig.FillPayeeAsync();

        using var own = await _rig.SendAsync(HttpMethod.Get, "/payee", scopes: "payee.write", subject: PaymentsRig.Citizen);
        using var other = await _rig.SendAsync(HttpMethod.Get, "/payee", scopes: "payee.write", subject: "cit-another1");

        var payee = await own.Content.ReadFromJsonAsync<JsonElement>(Ct);
        payee.GetProperty("accountEnding").GetString().ShouldBe("4433");
        payee.GetProperty("routing").GetString().ShouldBe("021000021");
        payee.GetProperty("kind").GetString().ShouldBe("checking");
        payee.EnumerateObject().Count().ShouldBe(3);
        other.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Payee_OfAPaidClaim_IsInNoEventLogOrRow()
    {
        await _rig.FillPayeeAsync();
        await _rig.ModeAsync("return");
        await _rig.ApproveAsync(PaymentsRig.NewClaim());
        await _rig.UntilAsync("returned", 1);

        var kept = string.Join('\n', await _rig.AskAsync<string>(
            """
            select event from mesh_outbox union all select coalesce(sealed, '') from payments union all select coalesce(sealed, '') from payees
            union all select detail from incidents
            """));
        foreach (var text in (string[])[kept, _rig.Payments.Log, _rig.Bank.Log])
        {
            text.ShouldNotBeEmpty();
            text.ShouldNotContain(PaymentsRig.Account);
            Regex.IsMatch(text, "Quixotic|Jos.{1,6}", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Payee_SealedForAnother_HoldsThePaymentBack()
    {
        await _rig.FillPayeeAsync();
        await _rig.FillPayeeAsync("cit-another1");
        await _rig.AskAsync<long>("update payees set sealed = (select sealed from payees where citizen = 'cit-another1') where citizen = 'cit-test0001'");
        await _rig.ApproveAsync(PaymentsRig.NewClaim());

        await _rig.UntilAsync("waiting-for-payee", 1);
        (await _rig.GetAsync("/incidents"))[0].GetProperty("kind").GetString().ShouldBe("unreadable-payee");
        await _rig.FillPayeeAsync();
        await _rig.UntilAsync("sent", 1);
    }
}
