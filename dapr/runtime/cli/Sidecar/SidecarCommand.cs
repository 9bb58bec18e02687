using System.Collections;
using System.Runtime.InteropServices;
using HmsMesh.Broker;
using HmsMesh.Cli.Processes;
using HmsMesh.Cli.Supervision;
using HmsMesh.Cli.Supervision.Sidecars;
using HmsMesh.Sidecar;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Observability;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Cli.Sidecar;

/// <summary>`mesh sidecar`: one sidecar as a process, with daprd's flags. What stands behind `--` is the app's command.</summary>
internal static class SidecarCommand
{
    private const int Failure = 1;

    // As daprd answers flags that it doesn't know.
    private const int BadFlags = 2;

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var (flags, command) = Split(args);
        if (flags.Any(static flag => flag is "--help" or "-help" or "-h"))
        {
            SidecarHelp.Write(Console.Out);
            return 0;
        }

        SidecarOptions options;
        try
        {
            var environment = Environment();
            var (daprs, data) = SidecarData.Take(flags);
            options = SidecarFlags.Parse(daprs, environment);
            options = data is null ? options : options with { DataPath = data };
            if (environment.GetValueOrDefault(SidecarCommandLine.FolderVariable) is { Length: > 0 } folder)
            {
                options = options with { DataPath = folder, NamesInData = true, RefuseBrokenResources = true };
            }
        }
        catch (SidecarException wrong)
        {
            await Console.Error.WriteLineAsync($"mesh sidecar: {wrong.Message}");
            return BadFlags;
        }

        using var loggers = new ConsoleLog(SidecarLogFormat.Level(options.LogLevel), options.LogAsJson, TimeProvider.System);
        await using var brokers = new BrokerPool(loggers);
        try
        {
            return await RunAsync(options, new SidecarServices(loggers, brokers, TimeProvider.System), command);
        }
        catch (SidecarException failure)
        {
            await Console.Error.WriteLineAsync(options.LogAsJson
                ? SidecarLogFormat.Json(TimeProvider.System.GetLocalNow(), LogLevel.Critical, SidecarLines.Scope, failure.Message, failure: null)
                : $"mesh sidecar: {failure.Message}");
            return Failure;
        }
    }

    private static async Task<int> RunAsync(SidecarOptions options, SidecarServices services, IReadOnlyList<string> command)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        MeshSidecar sidecar;
        try
        {
            sidecar = await MeshSidecar.StartAsync(options, services, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }

        await using (sidecar)
        await using (new IdleMemory(services.Time))
        {
            using var app = command.Count > 0 ? AppCommand.Start(command, sidecar) : null;
            var stopped = new TaskCompletionSource();
            await using var registration = stop.Token.Register(stopped.SetResult);
            var appEnded = app?.Ended;
            var first = await Task.WhenAny([sidecar.Ended, stopped.Task, .. appEnded is null ? Array.Empty<Task>() : [appEnded]]);
            var appCode = appEnded is { IsCompletedSuccessfully: true } ? await appEnded : 0;
            if (first == appEnded)
            {
                Tell(services.Loggers.CreateLogger(SidecarLogCategory.Of("dapr.runtime", options.AppId)), command[0], appCode);
            }

            try
            {
                await sidecar.StopAsync(CancellationToken.None);
            }
            finally
            {
                await (app?.StopAsync(services.Time) ?? Task.CompletedTask);
            }

            return appCode;
        }
    }

    private static void Tell(ILogger log, string app, int code)
    {
        if (code == 0)
        {
            Log.AppEnded(log, app);
        }
        else
        {
            Log.AppDied(log, app, Obituary.How(code));
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private static (IReadOnlyList<string> Flags, IReadOnlyList<string> Command) Split(IReadOnlyList<string> args)
    {
        for (var at = 0; at < args.Count; at++)
        {
            if (args[at] == "--")
            {
                return ([.. args.Take(at)], [.. args.Skip(at + 1)]);
            }
        }

        return (args, []);
    }

    private static Dictionary<string, string> Environment() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
