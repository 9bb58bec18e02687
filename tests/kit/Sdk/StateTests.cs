using System.Text;
using Dapr;
using Dapr.Client;
using HmsMesh.Broker;
using HmsMesh.Sidecar;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Kit.Tests;

/// <summary>The SDK's state and secrets against a real sidecar, over both stores.</summary>
public sealed class StateTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sdk-state-").FullName;
    private readonly BrokerPool _brokers = new(NullLoggerFactory.Instance);
    private MeshSidecar? _sidecar;
    private DaprClient? _dapr;

    public static TheoryData<string> Stores => ["memory", "file"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DaprClient Dapr => _dapr!;

    public async ValueTask InitializeAsync()
    {
        var resources = Directory.CreateDirectory(Path.Combine(_folder, "resources")).FullName;
        await File.WriteAllTextAsync(Path.Combine(resources, "stores.yaml"), $"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: {"{name: memory}"}
            spec: {"{type: state.in-memory, version: v1, metadata: []}"}
            ---
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: {"{name: file}"}
            spec:
              type: state.sqlite
              version: v1
              metadata:
                - name: connectionString
                  value: {Path.Combine(_folder, "state.db")}
            ---
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: {"{name: secrets}"}
            spec: {"{type: secretstores.local.env, version: v1, metadata: []}"}
            """, Ct);
        var options = new SidecarOptions { AppId = "sdk", HttpPort = 0, ResourcesPaths = [resources], DataPath = _folder, Environment = new Dictionary<string, string> { ["HUSH"] = "hush" } };
        _sidecar = await MeshSidecar.StartAsync(options, new SidecarServices(NullLoggerFactory.Instance, _brokers, TimeProvider.System), Ct);
        _dapr = new DaprClientBuilder().UseHttpEndpoint($"http://127.0.0.1:{_sidecar.HttpPort}").Build();
    }

    public async ValueTask DisposeAsync()
    {
        _dapr?.Dispose();
        if (_sidecar is not null)
        {
            await _sidecar.DisposeAsync();
        }

        await _brokers.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task State_SavedReadAndDeleted_IsWhatItWas(string store)
    {
        (await Dapr.GetStateAsync<Beds>(store, "a b/ü", cancellationToken: Ct)).ShouldBeNull();
        await Dapr.SaveStateAsync(store, "a b/ü", new Beds(4, "north"), new StateOptions { Consistency = ConsistencyMode.Strong }, cancellationToken: Ct);
        (await Dapr.GetStateAsync<Beds>(store, "a b/ü", ConsistencyMode.Strong, cancellationToken: Ct)).ShouldBe(new Beds(4, "north"));
        await Dapr.DeleteStateAsync(store, "a b/ü", cancellationToken: Ct);
        (await Dapr.GetStateAndETagAsync<Beds>(store, "a b/ü", cancellationToken: Ct)).ShouldBe((null!, ""));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task TrySave_ByETag_IsFalseForWhoComesSecond(string store)
    {
        var first = new StateOptions { Concurrency = ConcurrencyMode.FirstWrite };
        (await Dapr.TrySaveStateAsync(store, "n", 1, "", first, cancellationToken: Ct)).ShouldBeTrue();
        (await Dapr.TrySaveStateAsync(store, "n", 2, "", first, cancellationToken: Ct)).ShouldBeFalse();
        var (value, etag) = await Dapr.GetStateAndETagAsync<int>(store, "n", cancellationToken: Ct);
        value.ShouldBe(1);
        (await Dapr.TrySaveStateAsync(store, "n", 3, etag, cancellationToken: Ct)).ShouldBeTrue();
        (await Dapr.TrySaveStateAsync(store, "n", 4, etag, cancellationToken: Ct)).ShouldBeFalse();
        (await Dapr.TryDeleteStateAsync(store, "n", etag, cancellationToken: Ct)).ShouldBeFalse();

        var entry = await Dapr.GetStateEntryAsync<int>(store, "n", cancellationToken: Ct);
        entry.Value.ShouldBe(3);
        entry.Value = 5;
        (await entry.TrySaveAsync(cancellationToken: Ct)).ShouldBeTrue();
        (await entry.TryDeleteAsync(cancellationToken: Ct)).ShouldBeFalse();
        await entry.DeleteAsync(cancellationToken: Ct);
        (await Dapr.GetStateAsync<int?>(store, "n", cancellationToken: Ct)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Bulk_SaveReadDelete_KeepsToTheKeys(string store)
    {
        await Dapr.SaveBulkStateAsync<int>(store, [new("x", 1, ""), new("y", 2, null!, null, new Dictionary<string, string> { ["ttlInSeconds"] = "600" })], Ct);
        var read = await Dapr.GetBulkStateAsync<int?>(store, ["x", "y", "z"], null, cancellationToken: Ct);
        read.Select(static item => (item.Key, item.Value)).OrderBy(static item => item.Key).ShouldBe([("x", 1), ("y", 2), ("z", null)]);
        read.Single(static item => item.Key == "z").ETag.ShouldBe("");
        (await Dapr.GetBulkStateAsync(store, ["x"], 1, cancellationToken: Ct)).ShouldHaveSingleItem().Value.ShouldBe("1");
        await Dapr.DeleteBulkStateAsync(store, [new("x", null!), new("y", read.Single(static item => item.Key == "y").ETag)], Ct);
        (await Dapr.GetBulkStateAsync<int?>(store, ["x", "y"], 0, cancellationToken: Ct)).ShouldAllBe(static item => item.Value == null);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Transaction_AllOrNothing_AsTheSidecarHasIt(string store)
    {
        await Dapr.SaveStateAsync(store, "old", 1, cancellationToken: Ct);
        await Dapr.ExecuteStateTransactionAsync(
            store,
            [new("new", "{\"n\":1}"u8.ToArray(), StateOperationType.Upsert), new("old", null, StateOperationType.Delete)],
            cancellationToken: Ct);
        (await Dapr.GetStateAsync<Dictionary<string, int>>(store, "new", cancellationToken: Ct))["n"].ShouldBe(1);
        (await Dapr.GetStateAsync<int?>(store, "old", cancellationToken: Ct)).ShouldBeNull();

        StateTransactionRequest[] broken =
            [new("another", "1"u8.ToArray(), StateOperationType.Upsert), new("new", "2"u8.ToArray(), StateOperationType.Upsert, "no-such-etag")];
        (await Should.ThrowAsync<DaprApiException>(() => Dapr.ExecuteStateTransactionAsync(store, broken, cancellationToken: Ct)))
            .ErrorCode.ShouldBe("ERR_STATE_TRANSACTION");
        (await Dapr.GetStateAsync<int?>(store, "another", cancellationToken: Ct)).ShouldBeNull();
        await Should.ThrowAsync<ArgumentException>(() => Dapr.ExecuteStateTransactionAsync(
            store, [new("k", Encoding.UTF8.GetBytes("no JSON"), StateOperationType.Upsert)], cancellationToken: Ct));
    }

    [Fact]
    public async Task State_OfAnotherTypeOrStore_IsADaprException()
    {
        await Dapr.SaveStateAsync("memory", "text", "no number", cancellationToken: Ct);
        (await Should.ThrowAsync<DaprException>(() => Dapr.GetStateAsync<int>("memory", "text", cancellationToken: Ct))).Message.ShouldNotContain("no number");
        (await Should.ThrowAsync<DaprApiException>(() => Dapr.SaveStateAsync("none", "k", 1, cancellationToken: Ct))).ErrorCode.ShouldBe("ERR_STATE_STORE_NOT_FOUND");
    }

    [Fact]
    public async Task Secret_ThatIsThere_IsRead() =>
        (await Dapr.GetSecretAsync("secrets", "HUSH", cancellationToken: Ct))["HUSH"].ShouldBe("hush");

    private sealed record Beds(int Free, string House);
}
