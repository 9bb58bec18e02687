using System.Diagnostics;
using HmsMesh.Broker.Native;

namespace HmsMesh.Broker.Tests;

public sealed class ProcessLockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lock-");

    private string LockFile => Path.Combine(_folder.FullName, "lock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void TryTake_WhileHeld_NamesTheHolder()
    {
        using var held = ProcessLock.TryTake(LockFile, out _).ShouldNotBeNull();

        ProcessLock.TryTake(LockFile, out var holder).ShouldBeNull();
        holder.ShouldBe(Environment.ProcessId);
        ProcessLock.IsHeld(LockFile).ShouldBeTrue();
    }

    [Fact]
    public void IsHeld_OfWhatIsNotThere_IsFalseAndMakesNothing()
    {
        ProcessLock.IsHeld(LockFile).ShouldBeFalse();

        File.Exists(LockFile).ShouldBeFalse();
    }

    [Fact]
    public async Task TryTake_WhileOthersRemove_IsFoundByEverybody()
    {
        using var enough = new CancellationTokenSource();
        var removing = Task.Run(() =>
        {
            while (!enough.IsCancellationRequested)
            {
                ProcessLock.TryRemove(LockFile);
            }
        }, TestContext.Current.CancellationToken);

        for (var taken = 0; taken < 1000;)
        {
            using var held = ProcessLock.TryTake(LockFile, out _);
            if (held is not null)
            {
                File.Exists(LockFile).ShouldBeTrue();
                ProcessLock.IsHeld(LockFile).ShouldBeTrue();
                ProcessLock.TryRemove(LockFile).ShouldBeFalse();
                taken++;
            }
        }

        await enough.CancelAsync();
        await removing;
    }

    [Fact]
    public async Task Dispose_WhileChildrenAreBeingStarted_FreesTheLockAtOnce()
    {
        var starting = Task.Run(() =>
        {
            // Each start forks a child that shares this process's descriptors until it runs its program.
            for (var i = 0; i < 100; i++)
            {
                using var child = Process.Start("/bin/true");
                child.WaitForExit();
            }
        }, TestContext.Current.CancellationToken);

        while (!starting.IsCompleted)
        {
            var taken = ProcessLock.TryTake(LockFile, out _);
            taken.ShouldNotBeNull("a lock that was given back was still held");
            taken.Dispose();
        }

        await starting;
    }
}
