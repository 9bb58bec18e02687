using HmsMesh.Cli.Processes;
using HmsMesh.Cli.Supervision;
using HmsMesh.Cli.Up;

namespace HmsMesh.Cli.Bench;

/// <summary>For scale: one HTTP call, with the same body, to a bare Kestrel that does nothing with it.</summary>
internal sealed class DirectCall : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });
    private readonly Child _server;
    private readonly string _address;
    private readonly TimeProvider _time;

    private DirectCall(Child server, string address, TimeProvider time) => (_server, _address, _time) = (server, address, time);

    public static async Task<DirectCall> OpenAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var plan = BareKestrel.Plan();
        var direct = new DirectCall(Child.Start(plan.App.Command, plan.App.Folder, plan.Environment(), _ => { }), plan.Address, time);
        try
        {
            using var probe = new HealthProbe(time);
            await probe.UntilHealthyAsync(plan, cancellationToken);
            await direct.ConnectAsync(cancellationToken);
            return direct;
        }
        catch
        {
            await direct.DisposeAsync();
            throw;
        }
    }

    public async Task<TimeSpan> CallAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        using var answer = await _http.PostAsync(_address, new ReadOnlyMemoryContent(body), cancellationToken);
        var took = _time.GetElapsedTime(began);
        answer.EnsureSuccessStatusCode();
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _server.Kill();
        await _server.Ended;
        _server.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(_address, cancellationToken);
    }
}
