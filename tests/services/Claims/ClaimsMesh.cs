using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using HmsMesh.Claims;
using HmsMesh.Kit.Tests;
using HmsMesh.Testing;

namespace HmsMesh.Services.Tests.Claims;

/// <summary>The service of claims on an in-process mesh, with an issuer whose tokens it trusts.</summary>
public class ClaimsMesh : IAsyncLifetime
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    public InProcessMesh Mesh { get; private set; } = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static JsonObject Form(Action<JsonObject>? change = null)
    {
        var form = new JsonObject
        {
            ["employer"] = "Acme Dry Goods",
            ["lastDay"] = TimeProvider.System.GetUtcNow().AddDays(-14).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ["reason"] = "laid-off",
            ["weeksWorked"] = 40,
            ["weeklyIncome"] = 0,
            ["ableToWork"] = true,
            ["veteran"] = true,
        };
        change?.Invoke(form);
        return form;
    }

    public virtual ValueTask InitializeAsync() => StartAsync(_ => null);

    public async ValueTask DisposeAsync()
    {
        if (Mesh is not null)
            await Mesh.DisposeAsync();
        if (Issuer is not null)
            await Issuer.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Asks as the gateway does for a citizen.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string citizen, JsonNode? body = null, string? key = null, string scopes = "claims.write claims.read", string? language = null)
    {
        using var client = Mesh.Client("claims");
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Issuer.Mint("claims", scopes, citizen));
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (language is not null)
            request.Headers.AcceptLanguage.ParseAdd(language);
        return await client.SendAsync(request, Ct);
    }

    public async Task<JsonElement> FileAsync(string citizen, Action<JsonObject>? change = null, string? key = null)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/claims", citizen, Form(change), key);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }

    public async Task<JsonElement> GetAsync(string citizen, string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, citizen);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }

    protected async ValueTask StartAsync(Func<string, string?> databases)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Issuer = await TestIssuer.StartAsync();
        Mesh = await InProcessMesh.StartAsync(m => m.Add<ClaimsService>().Setting("Auth:Issuer", Issuer.Address).Databases(databases), limit.Token);
    }
}
