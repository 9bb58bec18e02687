using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using HmsMesh.Cli.Generate;
using HmsMesh.Cli.Supervision;

namespace HmsMesh.Cli.Up.Watching;

/// <summary>`mesh up --watch`: builds the services whose source changed and starts them again. One that does not build goes on as it was.</summary>
internal sealed class SourceWatch : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromSeconds(3);

    private readonly MeshContext _context;
    private readonly MeshHost _host;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _stirs = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<FileSystemWatcher> _watchers = [];

    /// <summary>What is not built yet, because the last build failed.</summary>
    private readonly HashSet<string> _unbuilt = new(StringComparer.Ordinal);

    /// <summary>What did not start again.</summary>
    private readonly ConcurrentDictionary<ServiceRunner, bool> _refused = new();
    private readonly Task _watching;

    private SourceWatch(MeshContext context, MeshHost host)
    {
        (_context, _host) = (context, host);
        foreach (var folder in SourceTree.Watched(context.Root))
            _watchers.Add(Watch(folder));
        _watching = RunAsync(SourceTree.Read(context.Root), _stop.Token);
    }

    public static SourceWatch Start(MeshContext context, MeshHost host)
    {
        try
        {
            return new SourceWatch(context, host);
        }
        catch (IOException problem)
        {
            throw new MeshException($"the sources can't be watched ({problem.Message}); raise fs.inotify.max_user_watches, or run without --watch.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _watchers.ForEach(watcher => watcher.Dispose());
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private FileSystemWatcher Watch(string folder)
    {
        var watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };

        // That something stirs is enough: what it was is found by looking, so a stir that got lost does no harm.
        void Stir() => _stirs.Writer.TryWrite(true);
        watcher.Changed += (_, _) => Stir();
        watcher.Created += (_, _) => Stir();
        watcher.Deleted += (_, _) => Stir();
        watcher.Renamed += (_, _) => Stir();
        watcher.Error += (_, _) => Stir();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private async Task RunAsync(Dictionary<string, (long Time, long Size)> seen, CancellationToken stop)
    {
        try
        {
            // What changed since the launcher looked is built now, so that from here on all is up to date but what is seen to change.
            await GoOnAsync(["services"], () => FirstBuildAsync(stop), stop);
            while (await _stirs.Reader.WaitToReadAsync(stop))
            {
                await UntilQuietAsync(stop);
                var now = SourceTree.Read(_context.Root);
                var changed = SourceTree.Differences(seen, now);
                seen = now;
                if (changed.Count > 0)
                    await GoOnAsync(changed, () => TakeAsync(changed, stop), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The mesh ends.
        }
    }

    /// <summary>Whatever comes of a change, the next one is waited for, and this one is taken up again with it.</summary>
    private async Task GoOnAsync(IReadOnlyList<string> changed, Func<Task> take, CancellationToken stop)
    {
        try
        {
            await take();
        }
        catch (Exception problem) when (!stop.IsCancellationRequested)
        {
            _unbuilt.UnionWith(changed);
            Say($"what changed could not be taken over ({problem.Message.TrimEnd('.')}); it is tried again with the next change");
        }
    }

    private async Task FirstBuildAsync(CancellationToken stop)
    {
        if (!await BuildAsync("", stop))
            _unbuilt.Add("services");
    }

    private async Task UntilQuietAsync(CancellationToken stop)
    {
        var began = _context.Time.GetTimestamp();
        while (_stirs.Reader.TryRead(out _) && _context.Time.GetElapsedTime(began) < LongestQuiet)
            await Task.Delay(Quiet, _context.Time, stop);
    }

    private async Task TakeAsync(IReadOnlyList<string> changed, CancellationToken stop)
    {
        Say($"changed: {string.Join(", ", changed.Take(3))}{(changed.Count > 3 ? $" and {changed.Count - 3} more" : "")}");
        var fresh = SourceChange.Of(changed, IsService);
        if (fresh.Described.Count > 0)
            SayWhatToGenerate();

        var change = SourceChange.Of(changed.Concat(_unbuilt), IsService);
        var projects = change.Services.Where(HasProject).ToList();
        if (await BuildAsync(Target(change, projects), stop))
            _unbuilt.Clear();
        else
            _unbuilt.UnionWith(changed);

        // What needs no build starts again whatever became of the others.
        var affected = _unbuilt.Count > 0
            ? fresh.Services.Where(service => !HasProject(service))
            : _host.Services.Select(FolderOf).Where(folder => change.Services.Contains(folder) || (change.Shared && HasProject(folder)));
        affected = affected.Concat(_refused.Keys.Select(instance => FolderOf(instance.Plan)));
        await RestartAsync([.. affected], stop);
    }

    private static string Target(SourceChange change, List<string> projects) => (change.Shared, projects) switch
    {
        (false, []) => "none",
        (false, [var one]) => $"services/{one}",
        _ => "",
    };

    private async Task<bool> BuildAsync(string target, CancellationToken stop)
    {
        var began = _context.Time.GetTimestamp();
        var errors = await ServiceBuild.RunAsync(_context.Root, target, stop);
        if (errors.Count > 0)
            Say($"the build failed, and what ran goes on:{string.Concat(errors.Select(error => "\n    " + error))}");
        else if (target is not ("" or "none"))
            Say(string.Create(CultureInfo.InvariantCulture, $"built {target} in {_context.Time.GetElapsedTime(began).TotalSeconds:0.0} s"));
        return errors.Count == 0;
    }

    private async Task RestartAsync(IReadOnlyCollection<string> folders, CancellationToken stop)
    {
        // Side by side; the instances of one service one after another, so that it is never wholly away.
        await Task.WhenAll(_host.Services.Where(service => folders.Contains(FolderOf(service))).Select(service => RestartAsync(service, stop)));
    }

    private async Task RestartAsync(ServiceGroup service, CancellationToken stop)
    {
        foreach (var instance in service.Instances.Where(instance => !instance.Plan.External))
        {
            // What somebody stopped stays so.
            if (!_refused.TryRemove(instance, out _) && instance.State is ServiceState.Stopped)
                continue;
            try
            {
                await RestartAsync(instance, stop);
            }
            catch (Exception problem) when (!stop.IsCancellationRequested)
            {
                _refused[instance] = true;
                Say($"{instance.Plan.Label} does not start again ({problem.Message.TrimEnd('.')}); it is tried again with the next change, and by 'mesh start {instance.Plan.Label}'");
            }
        }
    }

    private async Task RestartAsync(ServiceRunner instance, CancellationToken stop)
    {
        await instance.StopAsync(stop);
        await instance.StartAsync(stop);
        await instance.Settled.WaitAsync(stop);
        if (instance.State is ServiceState.Healthy)
            Say($"{instance.Plan.Label} runs anew");
    }

    private void SayWhatToGenerate()
    {
        var result = Generator.Run(_context.Root);
        foreach (var problem in result.Problems)
            Say(problem.ToString());
        if (result.Differences.Count > 0)
            Say($"'mesh generate' would write {string.Join(", ", result.Differences.Select(difference => difference.Path))}; run it, and the sidecars take the new files by themselves");
    }

    private bool IsService(string folder) => ServiceFolders.Of(_context.Root, folder) is { } path && File.Exists(Path.Combine(path, "asyncapi.yaml"));

    private bool HasProject(string folder)
    {
        return ServiceFolders.Of(_context.Root, folder) is { } path && Directory.EnumerateFiles(path, "*.csproj").Any();
    }

    private static string FolderOf(ServiceGroup service) => FolderOf(service.Instances[0].Plan);

    private static string FolderOf(ServicePlan plan) => Path.GetFileName(plan.App.Folder);

    private void Say(string text) => _context.Error.WriteLine($"mesh: {text}");
}
