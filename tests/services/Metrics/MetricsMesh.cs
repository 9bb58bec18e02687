using System.Net.Http.Headers;
using HmsMesh.Contracts;
using HmsMesh.Kit.Tests;
using HmsMesh.Metrics;
using HmsMesh.Testing;

namespace HmsMesh.Services.Tests.Metrics;

/// <summary>The service of metrics on an in-process mesh, with an issuer whose tokens it trusts.</summary>
public class MetricsMesh : IAsyncLifetime
{
    public InProcessMesh Mesh { get; private set; } = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (Mesh is not null)
            await Mesh.DisposeAsync();
        if (Issuer is not null)
            await Issuer.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string scopes = "audit.read")
    {
        using var client = Mesh.Client("metrics");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Issuer.Mint("metrics", scopes, "cit-auditor1", ["auditor"]));
        return await client.GetAsync(new Uri(path, UriKind.Relative), Ct);
    }

    /// <summary>An event that was said then.</summary>
    public CloudEvent Event(string topic, string claimId, DateTimeOffset at, decimal amount = 600.00m)
    {
        object data = topic switch
        {
            "claim.submitted" => new { claimId, citizen = "cit-00000001" },
            "claim.approved" => new { claimId, citizen = "cit-00000001", amount },
            "payment.sent" => new { claimId, amount },
            _ => new { claimId, amount = 600.00m, reason = "returned", code = "R01" },
        };
        return Mesh.Event(topic, data) with { Time = at, Sequence = Sequence.Format(Sequence.Micros(at)) };
    }

    public async Task DeliverAsync(CloudEvent cloudEvent)
    {
        using var answer = await Mesh.DeliverAsync("metrics", cloudEvent, Ct);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("SUCCESS");
    }

    protected virtual Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);

    protected async ValueTask StartAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Issuer = await TestIssuer.StartAsync();
        var database = await DatabaseAsync();
        Mesh = await InProcessMesh.StartAsync(m => m.Add<MetricsService>().Setting("Auth:Issuer", Issuer.Address).Databases(_ => database), limit.Token);
    }
}
