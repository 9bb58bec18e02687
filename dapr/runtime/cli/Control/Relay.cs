using System.Net.Http.Headers;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Supervision;
using HmsMesh.Cli.Token;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Cli.Control;

/// <summary>Passes a command's request on to a sidecar or a service of this mesh, with the token that it wants, and the answer back.</summary>
internal sealed class Relay(TimeProvider time, DataFolder data) : IDisposable
{
    private const string TokenHeader = "dapr-api-token";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ToComeBack = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null })
    {
        Timeout = Patience,
    };

    private readonly OperatorTokens _tokens = new(new SecretBook(data), time);

    /// <summary>To the mesh's own sidecar, as app id `mesh`. Should that be killed meanwhile, it is back soon and is told again: the event has
    /// an id, so it is said once.</summary>
    public async Task PublishAsync(HttpContext http, MeshHost host, string topic)
    {
        var address = $"http://127.0.0.1:{host.Own.Options.HttpPort}/v1.0/publish/pubsub/{Uri.EscapeDataString(topic)}";
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var began = time.GetTimestamp();
        while (true)
        {
            http.Request.Body = new MemoryStream(body.GetBuffer(), 0, (int)body.Length);
            try
            {
                await PassAsync(http, address, host.Own.Options.ApiToken!, "the mesh's sidecar");
                return;
            }
            catch (MeshException) when (time.GetElapsedTime(began) < ToComeBack)
            {
                await Task.Delay(Look, time, http.RequestAborted);
            }
        }
    }

    /// <summary>To a service, with its app token; and as its operator, where the mesh has a service that gives tokens.</summary>
    public async Task CallAsync(HttpContext http, MeshHost host, string name, string path)
    {
        var plan = (name.Contains('#', StringComparison.Ordinal) ? host.FindInstances(name)[0] : host.Find(name).Next()).Plan;
        var issuer = host.Services.FirstOrDefault(service => service.Name == AuthService.AppId)?.Next().Plan.Address;
        var operators = issuer is null ? null : await _tokens.TryGetAsync(issuer, plan.Name, http.RequestAborted);
        await PassAsync(http, $"{plan.Address}/{path}{http.Request.QueryString}", plan.AppToken, name, operators);
    }

    /// <summary>Opens the way to the mesh's own sidecar, so that the first event doesn't pay for it.</summary>
    public async Task WarmAsync(MeshHost host, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{host.Own.Options.HttpPort}/v1.0/metadata");
        request.Headers.Add(TokenHeader, host.Own.Options.ApiToken);
        using var answer = await _http.SendAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        _http.Dispose();
        _tokens.Dispose();
    }

    private async Task PassAsync(HttpContext http, string to, string token, string whom, string? bearer = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), to);
        request.Headers.Add(TokenHeader, token);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
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
