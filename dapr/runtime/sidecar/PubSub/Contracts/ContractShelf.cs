using System.Collections.Concurrent;
using HmsMesh.Contracts;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.PubSub.Contracts;

/// <summary>The contracts of some folders, shared by the sidecars of a process. A contract is read soon after the start, or with the first publish, and anew when its
/// file changes; one that can't be read then stays as it was. Files are looked at while there are publishes, at most once
/// a second.</summary>
internal sealed class ContractShelf
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadAhead = TimeSpan.FromSeconds(1);
    private readonly IReadOnlyList<string> _folders;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, Shelved> _read = new(StringComparer.Ordinal);
    private volatile Dictionary<string, ContractFile> _files;
    private readonly ITimer _ahead;
    private long _looked;
    private int _looking;

    public ContractShelf(IReadOnlyList<string> folders, TimeProvider time, ILogger log)
    {
        (_folders, _time, _log) = (folders, time, log);
        _files = ContractFolders.Find(folders);
        _looked = time.GetTimestamp();

        // The first read of a contract loads the validator; the first event must not wait for it, and nor must the start.
        _ahead = time.CreateTimer(static shelf => ((ContractShelf)shelf!).ReadAll(), this, ReadAhead, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the topic has a contract; with why it can't be used, where it can't.</summary>
    public bool TryGet(string topic, out Contract? contract, out string? problem)
    {
        LookIfDue();
        (contract, problem) = (null, null);
        if (!_files.TryGetValue(topic, out var file))
        {
            return false;
        }

        if (!_read.TryGetValue(topic, out var shelved) || shelved.File != file)
        {
            shelved = Read(topic, file, shelved?.Contract);
            _read[topic] = shelved;
        }

        (contract, problem) = (shelved.Contract, shelved.Problem);
        return true;
    }

    private void ReadAll()
    {
        foreach (var topic in _files.Keys)
        {
            _ = TryGet(topic, out _, out _);
        }

        _ahead.Dispose();
    }

    private Shelved Read(string topic, ContractFile file, Contract? before)
    {
        try
        {
            return new(file, Contract.Load(topic, File.ReadAllBytes(file.Path)), null);
        }
        catch (Exception failure) when (failure is ContractException or IOException or UnauthorizedAccessException)
        {
            Log.Unusable(_log, file.Path, failure.Message);
            return new(file, before, before is null ? $"its contract {file.Path} can't be used: {failure.Message}" : null);
        }
    }

    private void LookIfDue()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _looked)) >= LookAgain && Interlocked.Exchange(ref _looking, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static shelf => shelf.Look(), this, preferLocal: false);
        }
    }

    private void Look()
    {
        try
        {
            _files = ContractFolders.Find(_folders);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What is there stays as it was; the next look tries again.
            Log.NotFound(_log, failure.Message);
        }
        finally
        {
            Volatile.Write(ref _looked, _time.GetTimestamp());
            Volatile.Write(ref _looking, 0);
        }
    }

    private sealed record Shelved(ContractFile File, Contract? Contract, string? Problem);
}
