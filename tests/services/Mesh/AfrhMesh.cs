using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Capacity;
using HmsMesh.Journey;
using HmsMesh.Kit.Tests;
using HmsMesh.Staffing;
using HmsMesh.SupplyChain;
using HmsMesh.Testing;

namespace HmsMesh.Services.Tests.Mesh;

/// <summary>The four services on one in-process mesh, and short ways to ask them how things are.</summary>
public class AfrhMesh : IAsyncLifetime
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    public static readonly string[] Hearers = ["staffing", "supply-chain", "journey"];

    private TestIssuer? _issuer;

    public InProcessMesh Mesh { get; private set; } = null!;

    public virtual ValueTask InitializeAsync() => StartAsync(_ => null);

    public async ValueTask DisposeAsync()
    {
        if (Mesh is not null)
            await Mesh.DisposeAsync();
        if (_issuer is not null)
            await _issuer.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Publishes, and returns the id when all three have handled it.</summary>
    public async Task<string> PublishAndAwaitAsync(string topic, object data)
    {
        var id = await Mesh.PublishAsync(topic, data, TestContext.Current.CancellationToken);
        await HandledByAllAsync(id);
        return id;
    }

    public Task HandledByAllAsync(string id) => Task.WhenAll(Hearers.Select(h => Mesh.Handled(h, id, Soon)));

    public async Task<JsonElement> GetAsync(string appId, string path)
    {
        using var client = Mesh.Client(appId);
        return await client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> PostAsync(string appId, string path, object? body = null, string? key = null)
    {
        using var client = Mesh.Client(appId);
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _issuer!.Mint(appId, "capacity.write", "cole"));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Whether each service does for the facility what it does while that is low.</summary>
    public async Task<bool> ReactsAsync(string appId, string facility) => appId switch
    {
        "staffing" => (await GetAsync(appId, "/shifts")).EnumerateArray()
            .Any(s => Is(s, facility) && s.GetProperty("releasedAt").ValueKind == JsonValueKind.Null),
        "supply-chain" => (await GetAsync(appId, "/shipments")).EnumerateArray()
            .Where(s => Is(s, facility)).All(s => s.GetProperty("diverted").GetBoolean()),
        "journey" => !(await GetAsync(appId, "/options")).EnumerateArray()
            .Single(s => Is(s, facility)).GetProperty("canApply").GetBoolean(),
        _ => throw new ArgumentException($"{appId} reacts to nothing.", nameof(appId)),
    };

    public async Task ShouldReactAsync(string facility, bool expected)
    {
        foreach (var hearer in Hearers)
            (await ReactsAsync(hearer, facility)).ShouldBe(expected, $"{hearer} at {facility}");
    }

    protected async ValueTask StartAsync(Func<string, string?> databases)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        _issuer = await TestIssuer.StartAsync();
        Mesh = await InProcessMesh.StartAsync(
            m => m.Add<CapacityService>().Add<StaffingService>().Add<SupplyChainService>().Add<JourneyService>()
                .Setting("Auth:Issuer", _issuer.Address).Databases(databases),
            limit.Token);
    }

    private static bool Is(JsonElement row, string facility) => row.GetProperty("facility").GetString() == facility;
}
