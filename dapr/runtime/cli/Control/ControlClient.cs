using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Control;

/// <summary>Speaks to the mesh that runs on a data folder, by HTTP over its socket.</summary>
internal sealed class ControlClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly DataFolder _data;

    public ControlClient(DataFolder data)
    {
        _data = data;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(data.Socket), cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        })
        {
            BaseAddress = new Uri("http://mesh"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Task<MeshStatus> StatusAsync(CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Get, "/status", ControlJson.Default.MeshStatus, cancellationToken);

    /// <summary>The same, with what became of the events that each service heard.</summary>
    public Task<MeshStatus> StatusWithCountsAsync(CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Get, "/status?counts", ControlJson.Default.MeshStatus, cancellationToken);

    public async Task<T> ReadAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new HttpRequestMessage(method, path), cancellationToken);
        return (await answer.Content.ReadFromJsonAsync(type, cancellationToken))!;
    }

    /// <summary>The lines of a stream, as they come.</summary>
    public async IAsyncEnumerable<string> LinesAsync(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await NextAsync(reader, cancellationToken) is { } line)
            yield return line;
    }

    /// <summary>Sends what a command asks. A mesh that isn't there, and one that says no, end the command.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException problem) when (problem.InnerException is SocketException or IOException)
        {
            // It isn't there, or ended while it was asked.
            throw new MeshException($"no mesh is running on {_data.Path}; 'mesh up' starts one (--data names another folder).", ExitCode.NotRunning);
        }

        if (answer.Headers.Contains(ControlServer.ProblemHeader))
        {
            using (answer)
            {
                var problem = await answer.Content.ReadFromJsonAsync(ControlJson.Default.ControlProblem, cancellationToken);
                throw new MeshException(problem!.Error, problem.ExitCode);
            }
        }

        return answer;
    }

    public void Dispose() => _http.Dispose();

    private static async Task<string?> NextAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (Exception gone) when (gone is IOException or HttpRequestException)
        {
            return null;
        }
    }
}
