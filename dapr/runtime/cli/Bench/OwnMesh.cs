using System.Collections.Concurrent;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Processes;
using HmsMesh.Cli.Up;

namespace HmsMesh.Cli.Bench;

/// <summary>A mesh for one measurement: a process of its own on a data folder of its own, gone afterwards. The folder lies where that
/// of `up` does, since a temporary one may be in memory, where "on disk" costs nothing.</summary>
internal sealed class OwnMesh : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(30);

    private readonly Child _mesh;
    private readonly ConcurrentQueue<string> _said;
    private readonly TimeProvider _time;

    /// <summary>The folder was made for this mesh and goes with it.</summary>
    private bool _hasOwnFolder;

    private OwnMesh(DataFolder data, Child mesh, ConcurrentQueue<string> said, TimeProvider time) =>
        (Data, _mesh, _said, _time) = (data, mesh, said, time);

    public DataFolder Data { get; }

    /// <summary>Returns once all services are healthy.</summary>
    public static async Task<OwnMesh> StartAsync(MeshContext context, CancellationToken cancellationToken)
    {
        var usual = DataFolder.At(context.Root, null).Path;
        Directory.CreateDirectory(usual, OwnerOnly);
        var data = DataFolder.At(context.Root, Path.Combine(usual, "bench-" + Path.GetRandomFileName()[..8]));
        try
        {
            var mesh = await StartAsync(context, data, [], new Dictionary<string, string>(), cancellationToken);
            mesh._hasOwnFolder = true;
            return mesh;
        }
        catch
        {
            Remove(data);
            throw;
        }
    }

    /// <summary>The same in a folder that is another's to remove, by `mesh up` with these flags and this environment.</summary>
    public static async Task<OwnMesh> StartAsync(
        MeshContext context, DataFolder data, IReadOnlyList<string> flags, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        await context.Error.WriteLineAsync("mesh: starting a mesh for this measurement");
        var said = new ConcurrentQueue<string>();
        var child = Child.Start([Environment.ProcessPath!, "up", Detached.Flag, "--data", data.Path, .. flags], context.Root, environment, said.Enqueue);
        var mesh = new OwnMesh(data, child, said, context.Time);
        try
        {
            await mesh.SettledAsync(cancellationToken);
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it in order; its folder is there still.</summary>
    public async Task EndAsync()
    {
        _mesh.AskToEnd();
        await Task.WhenAny(_mesh.Ended, Task.Delay(ToEnd, _time));
        _mesh.Kill();
        await _mesh.Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _mesh.Dispose();
        if (_hasOwnFolder)
            Remove(Data);
    }

    private static void Remove(DataFolder data)
    {
        if (Directory.Exists(data.Path))
            Directory.Delete(data.Path, recursive: true);
    }

    private async Task SettledAsync(CancellationToken cancellationToken)
    {
        using var client = new ControlClient(Data);
        while (!_mesh.Ended.IsCompleted)
        {
            try
            {
                if (await client.StatusAsync(cancellationToken) is { Settled: true })
                    return;
            }
            catch (MeshException notYet) when (notYet.ExitCode is ExitCode.NotRunning)
            {
                // It has not opened its socket yet.
            }

            await Task.Delay(Look, _time, cancellationToken);
        }

        throw new MeshException($"the mesh for this measurement did not start:\n{string.Join('\n', _said)}", await _mesh.Ended);
    }
}
