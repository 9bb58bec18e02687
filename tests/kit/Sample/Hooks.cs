namespace HmsMesh.Kit.Tests;

/// <summary>Where a test reaches into the sample's handler.</summary>
internal sealed class Hooks
{
    public Func<BedsLow, Handling, CancellationToken, Task> BeforeCommitAsync { get; set; } = (_, _, _) => Task.CompletedTask;

    public Action<string> AfterCommit { get; set; } = _ => { };
}
