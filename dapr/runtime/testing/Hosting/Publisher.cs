using System.Net.Http.Headers;
using System.Text.Json;
using HmsMesh.Contracts;
using HmsMesh.Sidecar;

namespace HmsMesh.Testing.Hosting;

/// <summary>Publishes as `mesh publish` does: as app id `mesh`, through a sidecar of its own, checked against the contract.</summary>
internal sealed class Publisher(SidecarOptions options, SidecarServices shared, IReadOnlyList<ContractBook> contracts) : IAsyncDisposable
{
    public const string AppId = "mesh";

    private readonly HttpClient _client = new();
    private MeshSidecar? _sidecar;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _sidecar = await MeshSidecar.StartAsync(options, shared, cancellationToken).ConfigureAwait(false);
        _client.BaseAddress = new Uri($"http://127.0.0.1:{_sidecar.HttpPort}");
        _client.DefaultRequestHeaders.Add("dapr-api-token", options.ApiToken);
    }

    public CloudEvent Create(string topic, object data)
    {
        foreach (var book in contracts)
        {
            if (book.TryGet(topic, out var contract))
            {
                var element = JsonSerializer.SerializeToElement(data, JsonSerializerOptions.Web);
                var result = contract.Check(element);
                return result.IsValid
                    ? CloudEventFactory.Create(contract, element, AppId, shared.Time.GetUtcNow())
                    : throw new ContractException(topic, result.Faults);
            }
        }

        throw new InvalidOperationException($"No service of this mesh has a contract of {topic}.");
    }

    public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(CloudEventJson.Write(cloudEvent));
        body.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType);
        var path = new Uri($"/v1.0/publish/{CloudEventFactory.PubsubName}/{cloudEvent.Topic}", UriKind.Relative);
        using var answer = await _client.PostAsync(path, body, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            var why = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            throw new InvalidOperationException($"The sidecar refused {cloudEvent.Topic}: {(int)answer.StatusCode} {why}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_sidecar is not null)
            await _sidecar.DisposeAsync().ConfigureAwait(false);
    }
}
