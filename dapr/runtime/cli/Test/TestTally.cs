namespace HmsMesh.Cli.Test;

/// <summary>What a run counted. A project that gave no result counts as one failure.</summary>
internal readonly record struct TestTally(int Passed, int Failed, int Skipped)
{
    public static TestTally Broken { get; } = new(0, 1, 0);

    public static TestTally operator +(TestTally a, TestTally b) =>
        new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
