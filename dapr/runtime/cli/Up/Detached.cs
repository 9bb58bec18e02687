using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Processes;
using HmsMesh.Cli.Status;
using HmsMesh.Cli.Supervision;

namespace HmsMesh.Cli.Up;

/// <summary>`mesh up --detach`: the mesh runs on in a session of its own; this process waits until it is healthy.</summary>
internal static class Detached
{
    /// <summary>Tells the other process that nobody looks on.</summary>
    public const string Flag = "--detached";

    private const string ToFile = "file=$1; shift; exec \"$@\" </dev/null >\"$file\" 2>&1";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(MeshContext context, UpRequest request, CancellationToken cancellationToken)
    {
        var data = DataFolder.At(context.Root, request.Data);
        data.Prepare();
        FolderLock.Take(data).Dispose();
        using var mesh = Start(data, request);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            _ = Native.Kill(mesh.Id, Native.SignalTerminate);
        });

        var status = await SettledAsync(context, data, mesh, cancellationToken);
        if (status is null)
        {
            await context.Error.WriteAsync(await File.ReadAllTextAsync(data.HostLog, cancellationToken));
            return mesh.ExitCode is ExitCode.Done ? ExitCode.Interrupted : mesh.ExitCode;
        }

        StatusPrinter.Print(context.Out, status, request.Json);
        if (request.Timings)
            await context.Error.WriteAsync(await File.ReadAllTextAsync(data.HostLog, cancellationToken));
        return status.Services.All(service => service.Problem is null) ? ExitCode.Done : ExitCode.Failed;
    }

    private static Process Start(DataFolder data, UpRequest request)
    {
        var start = new ProcessStartInfo(OwnSession.Prefix[0]) { UseShellExecute = false };
        string[] command =
        [
            .. OwnSession.Prefix.Skip(1), "/bin/sh", "-c", ToFile, "sh", data.HostLog, Environment.ProcessPath!,
            "up", .. request.Services, Flag, "--broker", request.Broker, "--data", data.Path,
            .. request.Isolated ? ["--isolated"] : Array.Empty<string>(),
            .. request.Watch ? ["--watch"] : Array.Empty<string>(),
            .. request.External.SelectMany(name => new[] { "--external", name }),
            .. request.Timings ? ["--timings"] : Array.Empty<string>(),
            .. request.Ports.SelectMany(pair => new[] { "--port", string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}") }),
        ];
        foreach (var word in command)
            start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }

    /// <summary>The mesh's state once settled; null where it ended before.</summary>
    private static async Task<MeshStatus?> SettledAsync(MeshContext context, DataFolder data, Process mesh, CancellationToken cancellationToken)
    {
        using var client = new ControlClient(data);
        while (!mesh.HasExited)
        {
            try
            {
                if (await client.StatusAsync(cancellationToken) is { Settled: true } status && status.Pid == mesh.Id)
                    return status;
            }
            catch (MeshException notYet) when (notYet.ExitCode is ExitCode.NotRunning)
            {
                // It has not opened its socket yet.
            }

            await Task.Delay(Look, context.Time, cancellationToken);
        }

        await mesh.WaitForExitAsync(cancellationToken);
        return null;
    }
}
