using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>One process of the chaos, started again whenever it has ended.</summary>
internal sealed class FleetMember(string name, string kind, IReadOnlyList<string> command, string folder)
{
    /// <summary>A .NET process that is killed leaves its diagnostic pipes in the temporary folder; without diagnostics it makes none.</summary>
    private static readonly Dictionary<string, string> Environment = new() { ["DOTNET_EnableDiagnostics"] = "0" };

    private readonly Queue<string> _said = new();
    private Child? _child;

    public string Name { get; } = name;

    /// <summary>sidecar or service.</summary>
    public string Kind { get; } = kind;

    public int Kills { get; private set; }

    public int Pid => _child?.Pid ?? 0;

    /// <summary>The last lines that it said.</summary>
    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
            {
                return [.. _said];
            }
        }
    }

    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using var child = Child.Start(command, folder, Environment, Say);
            _child = child;
            try
            {
                await child.Ended.WaitAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                child.AskToEnd();
                await Task.WhenAny(child.Ended, Task.Delay(TimeSpan.FromSeconds(15), time, CancellationToken.None));
                child.Kill();
                await child.Ended;
            }
        }
    }

    public void Kill()
    {
        Kills++;
        _child?.Kill();
    }

    private void Say(string line)
    {
        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > 200)
            {
                _said.Dequeue();
            }
        }
    }
}
