using System.Net.Http.Headers;
using HmsMesh.Contracts;
using HmsMesh.Kit;
using HmsMesh.Testing.Hosting;

namespace HmsMesh.Testing;

/// <summary>Services, a sidecar for each, and their broker inside this process, over loopback: the real programs on the real
/// runtime. Everything is written to a folder that goes with it.</summary>
public sealed class InProcessMesh : IAsyncDisposable
{
    private readonly MeshRuntime _runtime;

    private InProcessMesh(MeshRuntime runtime) => _runtime = runtime;

    /// <summary>All that arrived so far, in the order of its commits.</summary>
    public IReadOnlyList<HandledEvent> Arrivals => _runtime.Journal.Arrivals;

    /// <summary>All that the services said so far, in the order in which their sidecars took it.</summary>
    public IReadOnlyList<CloudEvent> Sayings => [.. _runtime.Journal.Sayings.Select(s => s.Event)];

    /// <summary>Starts the services all at once, and returns when each one is healthy and its deliveries flow.</summary>
    public static async Task<InProcessMesh> StartAsync(Action<MeshBuilder> configure, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new MeshBuilder();
        configure(builder);
        return new InProcessMesh(await MeshRuntime.StartAsync(builder, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>A new event of the topic, as `mesh publish` makes it, not published yet: a test may change it by `with`.
    /// Throws <see cref="ContractException"/> where the data breaks its contract.</summary>
    public CloudEvent Event(string topic, object data) => _runtime.Publisher.Create(topic, data);

    /// <summary>Publishes as `mesh publish` does, through a sidecar, and returns the event's id.</summary>
    public Task<string> PublishAsync(string topic, object data, CancellationToken cancellationToken = default) =>
        PublishAsync(Event(topic, data), cancellationToken);

    /// <inheritdoc cref="PublishAsync(string, object, CancellationToken)"/>
    public async Task<string> PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        await _runtime.Publisher.PublishAsync(cloudEvent, cancellationToken).ConfigureAwait(false);
        return cloudEvent.Id;
    }

    /// <summary>Hands an event to a service as its sidecar would, past the broker, which keeps order and drops doubles.</summary>
    public async Task<HttpResponseMessage> DeliverAsync(string appId, CloudEvent cloudEvent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        using var client = Client(appId);
        using var body = new ByteArrayContent(CloudEventJson.Write(cloudEvent));
        body.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType);
        return await client.PostAsync(new Uri($"/events/{cloudEvent.Topic}", UriKind.Relative), body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Awaits that a service has handled an event, its effects saved; now is as good as later. Throws
    /// <see cref="MeshTimeoutException"/>, which says what arrived instead.</summary>
    public Task<HandledEvent> Handled(string appId, string eventId, TimeSpan within) =>
        Arrived($"{appId} to handle event {eventId}", e => e.AppId == appId && e.Event?.Id == eventId && e.Outcome == Outcome.Handled, within);

    /// <summary>Awaits an arrival of any kind, such as a duplicate or a failure.</summary>
    /// <param name="what">What is awaited, for the text of the failure.</param>
    /// <param name="match">Picks it.</param>
    /// <param name="within">How long to wait for it.</param>
    public Task<HandledEvent> Arrived(string what, Func<HandledEvent, bool> match, TimeSpan within) =>
        _runtime.Journal.ArrivedAsync(what, match, within);

    /// <summary>Awaits that a service says an event of the topic, as a reaction to another where one is given.</summary>
    public async Task<CloudEvent> Said(string appId, string topic, TimeSpan within, string? causedBy = null) =>
        (await _runtime.Journal.SaidAsync(
            $"{appId} to say {topic}",
            s => s.AppId == appId && s.Event.Topic == topic && (causedBy is null || s.Event.CausationId == causedBy),
            within).ConfigureAwait(false)).Event;

    /// <summary>The address of a service.</summary>
    public Uri Address(string appId) => _runtime.Node(appId).Address;

    /// <summary>A client that may call the service: it shows the app token, as a sidecar does.</summary>
    public HttpClient Client(string appId) => _runtime.Node(appId).Client();

    /// <summary>Stops a service and its sidecar; what it has not handled waits in the broker.</summary>
    public Task StopAsync(string appId, CancellationToken cancellationToken = default) => _runtime.Node(appId).StopAsync(cancellationToken);

    /// <summary>Starts a stopped service and its sidecar again, with the same data.</summary>
    public Task StartAsync(string appId, CancellationToken cancellationToken = default) => _runtime.Node(appId).StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();
}
