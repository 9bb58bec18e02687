using System.Collections.Concurrent;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Tests.Processes;

public class ChildTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Start_ACommand_KeepsItsExitCodeAndItsLines()
    {
        var lines = new ConcurrentQueue<string>();
        using var child = Child.Start(["sh", "-c", "echo out $NAME; echo err >&2; exit 7"], "/", Environment("mesh"), lines.Enqueue);

        (await child.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBe(7);
        lines.ShouldBe(["out mesh", "err"], ignoreOrder: true);
    }

    [Fact]
    public async Task Start_ACommand_LeadsASessionOfItsOwn()
    {
        var lines = new ConcurrentQueue<string>();
        using var child = Child.Start(["sh", "-c", "echo $$; cut -d' ' -f6 /proc/$$/stat"], "/", Environment(""), lines.Enqueue);

        await child.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken);
        lines.ShouldBe([$"{child.Pid}", $"{child.Pid}"]);
    }

    [Fact]
    public async Task AskToEnd_AChildThatDrains_IsWaitedFor()
    {
        var lines = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource();
        using var child = Child.Start(
            ["sh", "-c", "trap 'echo drained; exit 3' TERM; echo ready; while :; do sleep 0.05; done"], "/", Environment(""), line =>
            {
                lines.Enqueue(line);
                ready.TrySetResult();
            });
        await ready.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        child.AskToEnd();

        (await child.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBe(3);
        lines.ShouldContain("drained");
    }

    [Fact]
    public async Task Ended_AChildThatLeftOthersBehind_TakesThemAlong()
    {
        var lines = new ConcurrentQueue<string>();
        using var child = Child.Start(["sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!"], "/", Environment(""), lines.Enqueue);

        await child.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => ProcessStamp.Of(int.Parse(lines.Single())) is null, Patience);
    }

    [Fact]
    public async Task Kill_AChild_ExitsAsTheSignalSays()
    {
        using var child = Child.Start(["sleep", "1000"], "/", Environment(""), _ => { });

        child.Kill();

        (await child.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBe(128 + 9);
    }

    [Fact]
    public void Stamp_OfTheSameProcess_StaysTheSame()
    {
        ProcessStamp.Of(System.Environment.ProcessId).ShouldNotBeNull().ShouldBe(ProcessStamp.Of(System.Environment.ProcessId));
        ProcessStamp.Of(1).ShouldNotBe(ProcessStamp.Of(System.Environment.ProcessId));
        ProcessStamp.Of(int.MaxValue).ShouldBeNull();
    }

    private static Dictionary<string, string> Environment(string name) => new() { ["NAME"] = name };
}
