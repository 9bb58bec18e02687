using Dapper;
using HmsMesh.Kit;
using HmsMesh.Kit.Tests;
using HmsMesh.Metrics;
using HmsMesh.Metrics.Payouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Services.Tests.Metrics;

/// <summary>Payouts read page by page, for the CSV.</summary>
public sealed class PayoutPageTests : IAsyncLifetime
{
    private const int Count = 1203;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("metrics-");
    private readonly WebApplication _app;

    public PayoutPageTests() => _app = MeshService.Create(
        [
            "--Logging:LogLevel:Default=None", "--APP_ID=metrics", "--APP_PORT=0", "--APP_API_TOKEN=app-token", "--DAPR_API_TOKEN=sidecar-token",
            "--DAPR_HTTP_ENDPOINT=http://127.0.0.1:9", $"--ConnectionStrings:Database=Data Source={Database}",
        ],
        typeof(MetricsService).Assembly).Build();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder.FullName, "metrics.db");

    private IWorkshop Workshop => _app.Services.GetRequiredService<IWorkshop>();

    // Seven of a millisecond, so that pages end among equal times.
    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(Ct);
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        await Eventually.BeAsync(
            async () =>
            {
                using var answer = await http.GetAsync("/healthz", Ct);
                return answer.IsSuccessStatusCode;
            },
            "metrics is healthy",
            60);
        await Workshop.RunAsync(
            (work, _) => work.Db.ExecuteAsync(
                "insert into payouts (claim_id, submitted_at, sent_at, ms) values (@id, 0, @at, @at)",
                Enumerable.Range(0, Count).Select(i => new { id = $"claim-{i}", at = (long)i / 7 })),
            Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Payouts_OfManyPages_AreAllThereInOrder()
    {
        var payouts = new List<Payout>();
        await foreach (var payout in Workshop.PayoutsAsync(Ct))
            payouts.Add(payout);

        payouts.Count.ShouldBe(Count);
        payouts.ShouldBe(payouts.OrderBy(p => p.SentAt).ThenBy(p => p.ClaimId, StringComparer.Ordinal));
        payouts.Select(p => p.ClaimId).Distinct().Count().ShouldBe(Count);
    }

    [Fact]
    public async Task Payouts_TakenSlowly_HoldNoSnapshotOfTheDatabase()
    {
        await using var payouts = Workshop.PayoutsAsync(Ct).GetAsyncEnumerator(Ct);
        (await payouts.MoveNextAsync()).ShouldBeTrue();
        await Workshop.RunAsync((work, _) => work.Db.ExecuteAsync("delete from payouts where claim_id = 'claim-5'"), Ct);

        // A reader with a snapshot would keep the log from being emptied.
        await using var other = new SqliteConnection($"Data Source={Database};Pooling=false;Default Timeout=1");
        (await other.ExecuteScalarAsync<long>("pragma wal_checkpoint(truncate)")).ShouldBe(0);
    }
}
