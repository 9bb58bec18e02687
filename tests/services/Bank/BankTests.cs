using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Bank;

/// <summary>The simulator of a bank, as a process.</summary>
public sealed class BankTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("bank-");
    private ServiceChild _bank = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _bank = await ServiceChild.StartAsync("bank", _data.FullName, null, "--Bank:ReturnAfter=00:00:00.2", "--Bank:SlowFor=00:00:00.3");

    public async ValueTask DisposeAsync()
    {
        await _bank.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Post_Twice_CreditsOnce()
    {
        using var first = await OrderAsync("k-1");
        using var second = await OrderAsync("k-1");

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        var ledger = await _bank.Http.GetFromJsonAsync<JsonElement>("/ledger", Ct);
        ledger.GetProperty("entries").GetInt64().ShouldBe(1);
        ledger.GetProperty("creditedCents").GetInt64().ShouldBe(60000);
        ledger.GetProperty("doubles").GetInt64().ShouldBe(0);
        var found = await _bank.Http.GetFromJsonAsync<JsonElement>("/entries/k-1", Ct);
        found.GetProperty("amountCents").GetInt64().ShouldBe(60000);
    }

    [Fact]
    public async Task Post_OfAnotherEntryUnderTheKey_IsAConflict()
    {
        using var first = await OrderAsync("k-1");
        using var other = await OrderAsync("k-1", cents: 1);

        other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("account", "12a4")]
    [InlineData("account", "123")]
    [InlineData("account", "123456789012345678")]
    [InlineData("routing", "12345678")]
    [InlineData("kind", "shares")]
    [InlineData("holder", "")]
    public async Task Post_OfABadField_IsRefusedByItsName(string field, string value)
    {
        var order = Order();
        order[field] = value;
        using var answer = await SendAsync("k-2", order, Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_000_000_000)]
    public async Task Post_OfABadAmount_IsRefused(long cents)
    {
        using var answer = await OrderAsync("k-3", cents);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("two words")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task Post_WithoutAProperKey_IsRefused(string? key)
    {
        using var answer = await SendAsync(key, Order(), Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Post_OfALargeBody_IsRefused()
    {
        using var body = new StringContent(new string(' ', 5000) + "{}", Encoding.UTF8, "application/json");
        using var answer = await _bank.Http.PostAsync("/entries", body, Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Get_OfNoEntry_NamesTheKey()
    {
        using var answer = await _bank.Http.GetAsync("/entries/nobody", Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("key").GetString().ShouldBe("nobody");
    }

    [Fact]
    public async Task Mode_Forgetful_CreditsAgain()
    {
        using var first = await OrderAsync("k-4");
        await ModeAsync("forgetful");
        using var second = await OrderAsync("k-4");

        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _bank.Http.GetFromJsonAsync<JsonElement>("/ledger", Ct)).GetProperty("doubles").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Mode_Fail_TakesNothing()
    {
        await ModeAsync("fail");
        using var answer = await OrderAsync("k-5");
        using var asked = await _bank.Http.GetAsync("/entries/k-5", Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        asked.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await _bank.Http.GetFromJsonAsync<JsonElement>("/ledger", Ct)).GetProperty("entries").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Mode_Silent_TakesTheEntryAndSaysNothing()
    {
        await ModeAsync("silent");
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var silence = SendAsync("k-6", Order(), giveUp.Token);
        await Eventually.BeAsync(
            async () => (await _bank.Http.GetFromJsonAsync<JsonElement>("/ledger", Ct)).GetProperty("entries").GetInt64() == 1, "the entry is taken", 20);

        silence.IsCompleted.ShouldBeFalse();
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => silence);
    }

    [Fact]
    public async Task Mode_Return_GivesTheEntryBackAfterAWhile()
    {
        await ModeAsync("return");
        using var taken = await OrderAsync("k-7");
        taken.StatusCode.ShouldBe(HttpStatusCode.Created);
        JsonElement returns = default;
        await Eventually.BeAsync(
            async () => (returns = await _bank.Http.GetFromJsonAsync<JsonElement>("/returns?after=0", Ct)).GetArrayLength() == 1, "the entry came back", 20);

        returns[0].GetProperty("key").GetString().ShouldBe("k-7");
        returns[0].GetProperty("code").GetString().ShouldBe("R01");
        returns[0].GetProperty("number").GetInt64().ShouldBe(1);
        (await _bank.Http.GetFromJsonAsync<JsonElement>("/returns?after=1", Ct)).GetArrayLength().ShouldBe(0);
        (await _bank.Http.GetFromJsonAsync<JsonElement>("/ledger", Ct)).GetProperty("returnedCents").GetInt64().ShouldBe(60000);
    }

    [Fact]
    public async Task Mode_AfterAKill_IsAsItWas()
    {
        await ModeAsync("slow");
        await _bank.KillAsync();
        await _bank.RestartAsync();

        (await _bank.Http.GetFromJsonAsync<JsonElement>("/mode", Ct)).GetProperty("mode").GetString().ShouldBe("slow");
        using var unknown = await _bank.Http.PutAsJsonAsync("/mode", new { mode = "generous" }, Ct);
        unknown.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private static Dictionary<string, object> Order(long cents = 60000) => new(StringComparer.Ordinal)
    {
        ["holder"] = "Nobody Example",
        ["routing"] = "021000021",
        ["account"] = "100200300",
        ["kind"] = "checking",
        ["amountCents"] = cents,
    };

    private Task<HttpResponseMessage> OrderAsync(string key, long cents = 60000) => SendAsync(key, Order(cents), Ct);

    private async Task<HttpResponseMessage> SendAsync(string? key, Dictionary<string, object> order, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/entries") { Content = JsonContent.Create(order) };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await _bank.Http.SendAsync(request, ct);
    }

    private async Task ModeAsync(string mode)
    {
        using var answer = await _bank.Http.PutAsJsonAsync("/mode", new { mode }, Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
