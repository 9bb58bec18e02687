using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using HmsMesh.Broker.Tests.Model;

namespace HmsMesh.Broker.Tests;

/// <summary>Random operations on the broker and on what must be true of it. MODEL_SEED repeats a run; MESH_LONG=1 has many more.</summary>
public class ModelTests
{
    private static readonly int Many = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? 400 : 40;

    [Fact]
    public async Task RandomOperations_AFew_KeepWhatIsPromised() => (await RunAsync(runs: 12, length: 120)).ShouldBe(12);

    [Fact]
    [Trait("Category", "Slow")]
    public async Task RandomOperations_Many_KeepWhatIsPromised() => (await RunAsync(runs: Many, length: 300)).ShouldBe(Many);

    /// <summary>Returns how many runs held.</summary>
    private static async Task<int> RunAsync(int runs, int length)
    {
        var seed = Environment.GetEnvironmentVariable("MODEL_SEED") is { } told
            ? ulong.Parse(told, CultureInfo.InvariantCulture)
            : (ulong)Random.Shared.NextInt64();
        TestContext.Current.TestOutputHelper!.WriteLine($"MODEL_SEED={seed}");
        var kinds = Gen.Frequency(
            (40, Gen.Constant(StepKind.Publish)), (3, Gen.Constant(StepKind.PublishAgain)), (6, Gen.Constant(StepKind.Replay)), (8, Gen.Constant(StepKind.Subscribe)),
            (4, Gen.Constant(StepKind.Unsubscribe)), (4, Gen.Constant(StepKind.Pause)), (5, Gen.Constant(StepKind.Resume)), (1, Gen.Constant(StepKind.Forget)),
            (3, Gen.Constant(StepKind.Trim)), (2, Gen.Constant(StepKind.Reopen)), (3, Gen.Constant(StepKind.Kill)), (1, Gen.Constant(StepKind.Settle)));
        var step = from kind in kinds from a in Gen.Choose(0, 99) from b in Gen.Choose(0, 9999) select new Step(kind, a, b);
        var all = step.ListOf(length).Sample(runs, new Rnd(seed, 1), runs).ToList();
        var run = 0;
        for (; run < all.Count; run++)
        {
            await using var model = new ModelRun();
            try
            {
                await model.RunAsync([.. all[run]]);
            }
            catch (Exception e) when (e is not OperationCanceledException || !TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new InvalidOperationException($"MODEL_SEED={seed}, run {run}: {string.Join(' ', all[run])}: {e.Message}", e);
            }
        }

        return run;
    }
}
