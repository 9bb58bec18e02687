using System.Text.Json;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Processes;

/// <summary>The children of the mesh on a data folder, kept on disk: what outlives a mesh that was killed is ended by the next one.</summary>
internal sealed class Leftovers(DataFolder data, TimeProvider time, Action<string> report)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly List<ChildRecord> _children = [];

    public void Add(Child child, string service)
    {
        lock (_gate)
        {
            _children.Add(new ChildRecord(service, child.Pid, child.Stamp));
            Save();
        }
    }

    public void Remove(Child child)
    {
        lock (_gate)
        {
            if (_children.RemoveAll(known => known.Pid == child.Pid) > 0)
                Save();
        }
    }

    /// <summary>Ends what an earlier mesh left; the names of the services whose processes were still there.</summary>
    public async Task<IReadOnlyList<string>> EndAsync(CancellationToken cancellationToken)
    {
        var left = Read().Where(IsThere).ToList();
        foreach (var child in left)
            _ = Native.Kill(-child.Pid, Native.SignalTerminate);
        var until = time.GetUtcNow() + Patience;
        while (left.Exists(IsThere))
        {
            if (time.GetUtcNow() > until)
            {
                foreach (var child in left.Where(IsThere))
                    _ = Native.Kill(-child.Pid, Native.SignalKill);
            }

            // No event tells of the end of a process that isn't ours.
            await Task.Delay(Look, time, cancellationToken);
        }

        return left.ConvertAll(child => child.Service);
    }

    private static bool IsThere(ChildRecord child) => child.Pid > 1 && ProcessStamp.Of(child.Pid) == child.Stamp;

    private List<ChildRecord> Read()
    {
        try
        {
            return File.Exists(data.Children)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(data.Children), DataJson.Default.ListChildRecord) ?? []
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The list is the second net below the children's lifelines: a full disk must not keep a service from running.</summary>
    private void Save()
    {
        try
        {
            AtomicFile.Write(data.Children, JsonSerializer.SerializeToUtf8Bytes(_children, DataJson.Default.ListChildRecord));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            report($"{data.Children} can't be written ({problem.Message}); services run on, make room on the disk");
        }
    }
}
