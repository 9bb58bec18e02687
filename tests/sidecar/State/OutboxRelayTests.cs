using HmsMesh.Broker;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Components.StateInMemory;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.Resources;
using HmsMesh.Sidecar.State;
using HmsMesh.Sidecar.State.Outbox;
using HmsMesh.Sidecar.Tests.PubSub;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Sidecar.Tests.State;

/// <summary>The relay alone, over a pub/sub component that does what a test says.</summary>
public class OutboxRelayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Relay_ComponentThatThrowsACancellationOfItsOwn_TriesAgain()
    {
        var published = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var component = new FailingPubSub((call, sent, _) =>
        {
            if (call == 1)
            {
                throw new OperationCanceledException("a timeout of the component's own");
            }

            published.TrySetResult(sent.Id);
            return Task.FromResult(new PublishResult(PublishStatus.Stored, 1));
        });
        await using var brokers = new BrokerPool(NullLoggerFactory.Instance);
        var components = new ComponentRegistry();
        var services = new SidecarServices(NullLoggerFactory.Instance, brokers, TimeProvider.System);
        using var runtime = new SidecarRuntime(new SidecarOptions { AppId = "app" }, services, ResourceSet.Empty, components)
        {
            RequestShutdown = static _ => { },
        };
        await using var store = new InMemoryStateStore(TimeProvider.System);
        components.Add(new LoadedComponent(Resource("pubsub"), component));
        components.Add(new LoadedComponent(Resource("store"), store));
        await store.CommitAsync([], [new OutboxEvent("app", "pubsub", "orders", "outbox-1", "app", "k", "{}"u8.ToArray())], Token);
        await using var relay = new OutboxRelay("store", runtime, new PubSubDirectory(runtime), NullLogger.Instance);

        relay.Wake();

        (await published.Task.WaitAsync(TimeSpan.FromSeconds(30), Token)).ShouldBe("outbox-1");
    }

    private static ComponentResource Resource(string name) => new() { Source = new("test.yaml", 1), Name = name, Type = "of.a.test" };
}
