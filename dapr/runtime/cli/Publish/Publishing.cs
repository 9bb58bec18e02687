using System.Net.Http.Headers;
using System.Text.Json;
using HmsMesh.Cli.Control;
using HmsMesh.Contracts;

namespace HmsMesh.Cli.Publish;

/// <summary>Says an event through the mesh's own sidecar.</summary>
internal static class Publishing
{
    /// <summary>Returns once the broker has it on disk.</summary>
    public static async Task SendAsync(ControlClient mesh, CloudEvent outgoing, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/publish/" + Uri.EscapeDataString(outgoing.Topic!));
        request.Content = new ByteArrayContent(CloudEventJson.Write(outgoing));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType);
        using var answer = await mesh.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new MeshException(
                $"the event was not accepted ({(int)answer.StatusCode}): {Reason(await answer.Content.ReadAsStringAsync(cancellationToken))}");
    }

    /// <summary>The sentence in Dapr's error; any other answer as it is.</summary>
    internal static string Reason(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var message)
                ? message.ToString()
                : answer;
        }
        catch (JsonException)
        {
            return answer;
        }
    }
}
