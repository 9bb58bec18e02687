using System.Net.Http.Headers;
using HmsMesh.Cli.Supervision;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Cli.Control;

/// <summary>Passes a command's request on to a sidecar or a service of this mesh, with the token that it wants, and the answer back.</summary>
internal sealed class Relay : IDisposable
{
    private const string TokenHeader = "dapr-api-token";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null })
    {
        Timeout = Patience,
    };

    /// <summary>To the mesh's own sidecar, as app id `mesh`.</summary>
    public Task PublishAsync(HttpContext http, MeshHost host, string topic) =>
        PassAsync(http, $"http://127.0.0.1:{host.Own.Options.HttpPort}/v1.0/publish/pubsub/{Uri.EscapeDataString(topic)}", host.Own.Options.ApiToken!, "the mesh's sidecar");

    public Task CallAsync(HttpContext http, MeshHost host, string name, string path)
    {
        var plan = (name.Contains('#', StringComparison.Ordinal) ? host.FindInstances(name)[0] : host.Find(name).Next()).Plan;
        return PassAsync(http, $"{plan.Address}/{path}{http.Request.QueryString}", plan.AppToken, name);
    }

    /// <summary>Opens the way to the mesh's own sidecar, so that the first event doesn't pay for it.</summary>
    public async Task WarmAsync(MeshHost host, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{host.Own.Options.HttpPort}/v1.0/metadata");
        request.Headers.Add(TokenHeader, host.Own.Options.ApiToken);
        using var answer = await _http.SendAsync(request, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task PassAsync(HttpContext http, string to, string token, string whom)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), to);
        request.Headers.Add(TokenHeader, token);
        if (http.Request.ContentType is { } type)
        {
            request.Content = new StreamContent(http.Request.Body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            request.Content.Headers.ContentLength = http.Request.ContentLength;
        }

        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
        }
        catch (HttpRequestException problem)
        {
            throw new MeshException($"{whom} does not answer ({problem.Message}); 'mesh status' tells its state.");
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new MeshException($"{whom} did not answer within {Patience.TotalSeconds:0} s.");
        }

        using (answer)
        {
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
    }
}
