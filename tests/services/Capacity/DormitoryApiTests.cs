using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Capacity;
using HmsMesh.Kit.Tests;
using HmsMesh.Testing;

namespace HmsMesh.Services.Tests.Capacity;

/// <summary>The API of capacity as its callers see it, on the real service.</summary>
public class DormitoryApiTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    private InProcessMesh _mesh = null!;
    private TestIssuer _issuer = null!;
    private HttpClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = await DatabaseAsync();
        _issuer = await TestIssuer.StartAsync();
        _mesh = await InProcessMesh.StartAsync(m => m.Add<CapacityService>().Setting("Auth:Issuer", _issuer.Address).Databases(_ => database), Ct);
        _client = _mesh.Client("capacity");
        Show(_issuer.Mint("capacity", "capacity.write"));
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_mesh is not null)
            await _mesh.DisposeAsync();
        if (_issuer is not null)
            await _issuer.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Facilities_AsSeeded_AreTheTwoSitesWithBedsFree()
    {
        var facilities = await _client.GetFromJsonAsync<JsonElement>("/facilities", Ct);

        facilities.EnumerateArray().Select(f => (f.GetProperty("id").GetString(), f.GetProperty("bedsFree").GetInt32(), f.GetProperty("low").GetBoolean()))
            .ShouldBe([("gulfport", 48, false), ("washington", 48, false)]);
    }

    [Fact]
    public async Task Dormitories_OfOneFacility_AreListed()
    {
        var all = await _client.GetFromJsonAsync<JsonElement>("/dormitories", Ct);
        var some = await _client.GetFromJsonAsync<JsonElement>("/dormitories?facility=washington", Ct);
        var one = await _client.GetFromJsonAsync<JsonElement>("/dormitories/gulfport-annex", Ct);

        all.GetArrayLength().ShouldBe(8);
        some.EnumerateArray().ShouldAllBe(d => d.GetProperty("facility").GetString() == "washington");
        some.GetArrayLength().ShouldBe(4);
        one.GetProperty("beds").GetInt32().ShouldBe(44);
    }

    [Theory]
    [InlineData("/dormitories/atlantis/close", null, HttpStatusCode.NotFound, "atlantis")]
    [InlineData("/dormitories/gulfport-annex/admit", "{\"residents\":0}", HttpStatusCode.BadRequest, "from 1 to")]
    [InlineData("/dormitories/gulfport-annex/admit", "{}", HttpStatusCode.BadRequest, "from 1 to")]
    [InlineData("/dormitories/gulfport-annex/admit", "{\"residents\":19}", HttpStatusCode.Conflict, "18 free beds, not 19")]
    [InlineData("/dormitories/gulfport-annex/discharge", "{\"residents\":27}", HttpStatusCode.Conflict, "26 residents")]
    [InlineData("/dormitories/washington-scott-north/close", null, HttpStatusCode.Conflict, "168 residents")]
    public async Task Change_ThatCannotBe_IsAProblemThatSaysWhy(string path, string? body, HttpStatusCode status, string why)
    {
        using var content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await _client.PostAsync(path, content, Ct);

        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("detail").GetString()!.ShouldContain(why);
        _mesh.Sayings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("close", null, HttpStatusCode.Unauthorized)]
    [InlineData("reopen", "claims.write", HttpStatusCode.Forbidden)]
    [InlineData("admit", null, HttpStatusCode.Unauthorized)]
    [InlineData("discharge", "claims.write", HttpStatusCode.Forbidden)]
    public async Task Change_WithoutTheRightToken_IsRefused(string what, string? scope, HttpStatusCode status)
    {
        Show(scope is null ? null : _issuer.Mint("capacity", scope));

        using var answer = await PostAsync($"/dormitories/gulfport-annex/{what}", new { residents = 1 }, key: null);

        answer.StatusCode.ShouldBe(status);
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("Bearer");
        (await ResidentsAsync("gulfport-annex")).ShouldBe(26);
    }

    [Fact]
    public async Task Body_ThatIsNotJson_IsABadRequest()
    {
        using var content = new StringContent("{residents", System.Text.Encoding.UTF8, "application/json");

        using var answer = await _client.PostAsync("/dormitories/gulfport-annex/admit", content, Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Admit_WithAKeyTwice_IsDoneOnce()
    {
        var first = await AdmitAsync("gulfport-annex", 3, "key-1");
        var second = await AdmitAsync("gulfport-annex", 3, "key-1");

        second.ShouldBe(first);
        (await ResidentsAsync("gulfport-annex")).ShouldBe(29);
        using var other = await PostAsync("/dormitories/gulfport-annex/admit", new { residents = 4 }, "key-1");
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await ResidentsAsync("gulfport-annex")).ShouldBe(29);
    }

    [Fact]
    public async Task Admit_ByManyAtOnce_SaysLowOnce()
    {
        // 48 beds are free and the threshold is 20: the edge lies in the middle of these.
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => PostAsync($"/dormitories/gulfport-{Place(i)}/admit", new { residents = 1 }, $"r{i}")));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        var low = await _mesh.Said("capacity", "afrh.capacity.low", Soon);
        low.Data.GetProperty("bedsFree").GetInt32().ShouldBe(19);
        using var discharged = await PostAsync("/dormitories/gulfport-tower-a/discharge", new { residents = 40 }, key: null);
        await _mesh.Said("capacity", "afrh.capacity.restored", Soon);
        _mesh.Sayings.Select(s => s.Topic).ShouldBe(["afrh.capacity.low", "afrh.capacity.restored"]);
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Fact]
    public async Task Close_WithRoom_MovesResidentsAndTellsTheFacility()
    {
        using var answer = await PostAsync("/dormitories/washington-sheridan-east/close", body: null, key: null);

        var change = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        change.GetProperty("dormitory").GetProperty("closed").GetBoolean().ShouldBeTrue();
        change.GetProperty("dormitory").GetProperty("residents").GetInt32().ShouldBe(0);
        change.GetProperty("facility").GetProperty("bedsFree").GetInt32().ShouldBe(8);
        var dormitories = await _client.GetFromJsonAsync<JsonElement>("/dormitories?facility=washington", Ct);
        dormitories.EnumerateArray().Sum(d => d.GetProperty("residents").GetInt32()).ShouldBe(472);
        var low = await _mesh.Said("capacity", "afrh.capacity.low", Soon);
        low.Data.GetProperty("facility").GetString().ShouldBe("washington");
    }

    private static string Place(int i) => i < 10 ? "tower-a" : i < 18 ? "tower-b" : i < 28 ? "tower-c" : "annex";

    private void Show(string? token) => _client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

    private async Task<string> AdmitAsync(string dormitory, int residents, string key)
    {
        using var answer = await PostAsync($"/dormitories/{dormitory}/admit", new { residents }, key);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    private async Task<int> ResidentsAsync(string dormitory) =>
        (await _client.GetFromJsonAsync<JsonElement>($"/dormitories/{dormitory}", Ct)).GetProperty("residents").GetInt32();

    private async Task<HttpResponseMessage> PostAsync(string path, object? body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await _client.SendAsync(request, Ct);
    }

    /// <summary>A database instead of a SQLite file.</summary>
    protected virtual Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}
