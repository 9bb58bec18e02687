using System.Globalization;
using HmsMesh.Cli.Processes;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Sidecar;

/// <summary>The app that stands behind `--`: a child process that lives as long as the sidecar, however that ends.</summary>
internal sealed class AppCommand : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly Child _child;

    private AppCommand(Child child) => _child = child;

    /// <summary>Its exit code, once it has ended.</summary>
    public Task<int> Ended => _child.Ended;

    /// <summary>Starts it with what `dapr run` gives an app by environment. Throws <see cref="SidecarException"/>.</summary>
    public static AppCommand Start(IReadOnlyList<string> command, MeshSidecar sidecar)
    {
        if (Problem(command[0]) is { } problem)
        {
            throw new SidecarException($"The app command '{command[0]}' can't be started: {problem}");
        }

        var environment = new Dictionary<string, string>
        {
            ["APP_ID"] = sidecar.Options.AppId,
            ["DAPR_HTTP_PORT"] = sidecar.HttpPort.ToString(CultureInfo.InvariantCulture),
            ["DAPR_HTTP_ENDPOINT"] = $"http://127.0.0.1:{sidecar.HttpPort.ToString(CultureInfo.InvariantCulture)}",
        };
        if (sidecar.Options.AppPort is { } port)
        {
            environment["APP_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        }

        return new AppCommand(Child.Start(command, Environment.CurrentDirectory, environment, line: null));
    }

    /// <summary>Asks it to end, and ends it where it doesn't.</summary>
    public async Task StopAsync(TimeProvider time)
    {
        _child.AskToEnd();
        await Task.WhenAny(_child.Ended, Task.Delay(Grace, time, CancellationToken.None));
        _child.Kill();
        await _child.Ended;
    }

    public void Dispose() => _child.Dispose();

    private static string? Problem(string program) =>
        program.Contains('/')
            ? !File.Exists(program) ? "there is no such file" : ProgramPath.IsExecutable(program) ? null : "it is not executable"
            : ProgramPath.Find(program) is null ? "it is not on the PATH" : null;
}
