using System.Net;
using HmsMesh.Sidecar.Tests.Core;

namespace HmsMesh.Sidecar.Tests.State;

/// <summary>Outbound policies around a state store: the file's lock is what fails.</summary>
public class StateResiliencyTests
{
    [Fact]
    public async Task Save_RetryPolicy_TriesAgainUntilTheLockIsFree()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(Files(data, "retry: again", busyTimeout: "1ms"));
        using var other = StateStoreUnderTest.Open(data.At("state.db"));
        other.Run("BEGIN IMMEDIATE");
        var save = host.SaveAsync("a", 1);
        (await host.ReadAsync("a")).ShouldBe("");
        other.Run("COMMIT");
        (await save).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Save_ETagMismatch_IsNotTriedAgain()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(Files(data, "retry: hours", busyTimeout: "1ms"));
        await host.SaveAsync("a", 1);
        using var content = new StringContent("""[{"key":"a","value":2,"etag":"another"}]""");
        (await host.Http.PostAsync("/v1.0/state/store", content, CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Save_OpenCircuit_FailsAtOnceAndSaysSo()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(Files(data, "circuitBreaker: breaker", busyTimeout: "1ms"));
        using var other = StateStoreUnderTest.Open(data.At("state.db"));
        other.Run("BEGIN IMMEDIATE");
        (await host.SaveAsync("a", 1)).Body.ShouldContain("locked");
        (await host.SaveAsync("a", 1)).Body.ShouldContain("locked");
        (await host.SaveAsync("a", 1)).Body.ShouldContain("circuit breaker is open");
        other.Run("COMMIT");
        (await host.ReadAsync("a")).ShouldContain("circuit breaker is open");
    }

    [Fact]
    public async Task Save_Timeout_IsAFailureWithItsReason()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(Files(data, "timeout: soon", busyTimeout: "5s"));
        using var other = StateStoreUnderTest.Open(data.At("state.db"));
        other.Run("BEGIN IMMEDIATE");

        // The first holds the writer; the second waits behind it, and its time ends.
        _ = host.SaveAsync("a", 1);
        var (status, body) = await host.SaveAsync("b", 1);
        status.ShouldBe(HttpStatusCode.InternalServerError);
        body.ShouldContain("context deadline exceeded");
        other.Run("COMMIT");
    }

    private static Dictionary<string, string> Files(Folder data, string policy, string busyTimeout)
    {
        var files = StateStoreUnderTest.Files(data, $"name: busyTimeout, value: {busyTimeout}");
        files["resiliency.yaml"] = $$"""
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata:
              name: resiliency
            spec:
              policies:
                timeouts: {soon: 200ms}
                retries:
                  again: {policy: constant, duration: 50ms, maxRetries: -1}
                  hours: {policy: constant, duration: 1h, maxRetries: -1}
                circuitBreakers:
                  breaker: {maxRequests: 1, timeout: 60s, trip: consecutiveFailures >= 2}
              targets:
                components:
                  store:
                    outbound: { {{policy}} }
            """;
        return files;
    }
}
