using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HmsMesh.Documents;
using HmsMesh.Gateway;
using HmsMesh.Kit;
using HmsMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>A real gateway in a mesh, with the real documents and small services behind it, each on the real kit, that check tokens as the real ones do.</summary>
public sealed class Door : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, object> _claims = new();
    private int _filed;

    internal GateIssuer Issuer { get; private set; } = null!;

    /// <summary>Another issuer, at which citizens sign in; null: the one that exchanges tokens.</summary>
    internal GateIssuer? SignInAt { get; init; }

    internal InProcessMesh Mesh { get; private set; } = null!;

    /// <summary>What the gateway is told by configuration, such as its limits.</summary>
    internal Dictionary<string, string> Settings { get; } = [];

    /// <summary>How often a claim was filed at the service.</summary>
    internal int Filed => Volatile.Read(ref _filed);

    /// <summary>The service waits for it before it files a claim.</summary>
    internal TaskCompletionSource? Hold { get; set; }

    /// <summary>What the claim service saw last.</summary>
    internal IHeaderDictionary? Seen { get; private set; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Issuer = await GateIssuer.StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Mesh = await InProcessMesh.StartAsync(
            m => Settings.Aggregate(m.Add<GatewayService>().Add<DocumentsService>(), (mesh, setting) => mesh.Setting(setting.Key, setting.Value))
                .Service("claims", s => s.TrustsTokens().Routes(MapClaims))
                .Service("journey", s => s.TrustsTokens().Routes(MapJourney))
                .Setting("Auth:Issuer", SignInAt is null ? Issuer.Address : $"{SignInAt.Address}, {Issuer.Address}")
                .Setting("Auth:Exchange", Issuer.Address)
                .Secret("client-gateway", GateIssuer.ClientSecret)
                .Secret("client-sign-in", SignInAt?.Secret ?? "a-secret-that-nobody-asks-for")
                .Secret("gateway-session", "a-secret-of-tests-for-sessions"),
            limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (Mesh is not null)
            await Mesh.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    /// <summary>A client as a browser or a developer is one: without the app token.</summary>
    internal HttpClient Client(string? token = null, string? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Mesh.Address("gateway") };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-API-Key", key);
        return client;
    }

    internal HttpClient Citizen(string subject = "cit-diego001", string scopes = "claims.write claims.read documents.write documents.read") =>
        Client(Issuer.Mint("gateway", scopes, subject));

    internal static HttpRequestMessage Claim(string employer, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/claims") { Content = new StringContent($$"""{"employer":"{{employer}}"}""", Encoding.UTF8, "application/json") };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    internal static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    private void MapClaims(WebApplication app)
    {
        app.MapPost("/claims", async (HttpContext http) =>
        {
            Seen = http.Request.Headers;
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
            if (Hold is { } hold)
                await hold.Task;
            if (body.GetProperty("employer").GetString() == "")
                return Results.Problem("Look at the fields.", statusCode: 422, extensions: new Dictionary<string, object?> { ["errors"] = new { employer = new[] { "Say who employed you." } } });
            if (body.GetProperty("employer").GetString() == "broken")
                throw new InvalidOperationException("broken");
            var id = $"claim-{Interlocked.Increment(ref _filed)}";
            var claim = new { claimId = id, status = "submitted", citizen = http.Caller().Subject };
            _claims[id] = claim;
            return Results.Created($"/claims/{id}", claim);
        }).Needs("claims.write");
        app.MapGet("/claims", (HttpContext http) => new { who = http.Caller().Subject, query = http.Request.QueryString.Value, until = http.Caller().ExpiresAt }).Needs("claims.read");
        app.MapGet("/claims/{id}", (string id) => _claims.TryGetValue(id, out var found) ? Results.Ok(found) : Results.Problem("No such claim.", statusCode: 404, title: "Not found")).Needs("claims.read");
    }

    private static void MapJourney(WebApplication app)
    {
        app.MapGet("/stream", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            for (var n = 0; !http.RequestAborted.IsCancellationRequested; n++)
            {
                await http.Response.WriteAsync($"id: {n}\nevent: claim\ndata: {{\"n\":{n}}}\n\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, http.RequestAborted);
            }
        }).Public();
        app.MapGet("/options", () => new[] { new { facility = "gulfport", canApply = true } }).Public();
    }
}
