using System.Runtime.InteropServices;
using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Processes;
using HmsMesh.Cli.Status;
using HmsMesh.Cli.Supervision;
using HmsMesh.Cli.Up.Watching;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Up;

/// <summary>Runs the mesh in this process until Ctrl-C, SIGTERM or `mesh down`.</summary>
internal static class Foreground
{
    public static async Task<int> RunAsync(MeshContext context, UpRequest request, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var hurry = new CancellationTokenSource();
        using var interrupt = On(PosixSignal.SIGINT, stop, hurry);
        using var terminate = On(PosixSignal.SIGTERM, stop, hurry);
        using var hangUp = On(PosixSignal.SIGHUP, stop, hurry);

        var code = await RunAsync(context, request, stop, hurry);
        await context.Error.WriteLineAsync("mesh: ended");
        return code;
    }

    private static async Task<int> RunAsync(MeshContext context, UpRequest request, CancellationTokenSource stop, CancellationTokenSource hurry)
    {
        await using var host = MeshHost.Create(context, request);
        try
        {
            _ = host.Asked.ContinueWith(_ => stop.CancelAsync(), TaskScheduler.Default);
            await host.OpenAsync(stop.Token);
            var bare = request.Timings ? BareKestrel.MeasureAsync(context.Time, stop.Token) : null;
            await host.StartServicesAsync(stop.Token);
            await host.Settled.WaitAsync(stop.Token);
            var status = await host.StatusAsync(stop.Token);
            StatusPrinter.Print(context.Out, status, request.Json);
            if (bare is not null)
                Timings.Print(request.Json ? context.Error : context.Out, status, await bare);

            await using var watch = request.Watch ? SourceWatch.Start(context, host) : null;
            await using var memory = new IdleMemory(context.Time);
            if (!request.Quiet)
                Show(context, request, host);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await context.Error.WriteLineAsync("mesh: stopping (Ctrl-C again hurries)");
        }
        catch (Exception problem) when (problem is SidecarException or Broker.BrokerException)
        {
            throw new MeshException(problem.Message, ExitCode.Usage);
        }

        host.Hub.ShowWarningsOnly();
        try
        {
            await host.StopAsync(hurry.Token);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private static void Show(MeshContext context, UpRequest request, MeshHost host)
    {
        var output = request.Json ? context.Error : context.Out;
        var colour = Colour.Wanted(request.Json ? Console.IsErrorRedirected : Console.IsOutputRedirected);
        host.Hub.ShowOn(new LogPainter(output, colour, host.Services.Max(service => service.Name.Length)));
    }

    /// <summary>The first signal stops in order, the second hurries.</summary>
    private static PosixSignalRegistration On(PosixSignal signal, CancellationTokenSource stop, CancellationTokenSource hurry) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            var first = !stop.IsCancellationRequested;
            ThreadPool.QueueUserWorkItem(_ => (first ? stop : hurry).Cancel());
        });
}
