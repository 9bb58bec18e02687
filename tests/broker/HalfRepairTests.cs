using HmsMesh.Broker.Native;
using HmsMesh.Broker.Repair;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>A repair that a kill or a power cut stopped at any of its steps is refused by whoever opens the folder, and can be repaired again:
/// to the same log, and the same state.</summary>
[Collection(Witnessed.Name)]
public class HalfRepairTests
{
    public static TheoryData<string> Kinds => [.. DamagedLog.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Category", "Slow")]
    public async Task Apply_StoppedAtAnyStep_IsMendedByTheNext(string kind)
    {
        using var folder = new TemporaryFolder();
        await DamagedLog.FillAsync(folder);
        DamagedLog.Damage(folder, kind);
        var witness = new CutWitness(folder.Path, static () => 0) { Armed = true };
        List<(string, long, long, int)> expected;
        Disk.Witness = witness;
        try
        {
            using var repair = LogRepair.Open(folder.Path, Make.Token);
            repair.Apply(TimeProvider.System.GetUtcNow());
            expected = Standing(repair.Report);
        }
        finally
        {
            Disk.Witness = null;
        }

        var kept = DamagedLog.Read(folder.Path);
        var cuts = witness.Cuts.Where(static one => one.Step.Split(' ')[0] is "move" or "delete" or "folder").ToList();
        cuts.Count(static one => one.Step.StartsWith("move", StringComparison.Ordinal)).ShouldBeGreaterThan(2);
        foreach (var (step, _, power, files) in cuts)
        {
            await CheckAsync($"{kind}, {(power ? "power" : "kill")} at: {step}", files, kept, expected);
        }
    }

    /// <summary>The mark comes while the backup copies: before it looks for what was written since, and after.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("acknowledged")]
    public async Task Backup_WhileARepairBegins_IsRefused(string step)
    {
        using var folder = new TemporaryFolder();
        await DamagedLog.FillAsync(folder);
        using var copy = new TemporaryFolder();
        using var backup = LogBackup.Begin(folder.Path);
        using var disk = new FaultyDisk(copy.Path);
        var mark = RepairMark.Path(folder.Path);
        if (step.Length == 0)
        {
            await File.WriteAllBytesAsync(mark, [], Make.Token);
        }
        else
        {
            disk.Refuses = (_, name) =>
            {
                if (name.EndsWith(step, StringComparison.Ordinal))
                {
                    File.WriteAllBytes(mark, []);
                }

                return null;
            };
        }

        Should.Throw<BrokerDamagedException>(() => backup.Finish(copy.Path, TimeProvider.System.GetUtcNow(), Make.Token)).File.ShouldBe(mark);
    }

    private static async Task CheckAsync(string where, Dictionary<string, byte[]> files, Dictionary<long, string> kept, List<(string, long, long, int)> expected)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, bytes) in files)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.Path, name), bytes, Make.Token);
        }

        if (RepairMark.IsThere(folder.Path))
        {
            var refused = await Record.ExceptionAsync(async () => await (await DamagedLog.OpenAsync(folder)).DisposeAsync());
            refused.ShouldBeOfType<BrokerDamagedException>(where).Message.ShouldContain("mesh repair");
            Should.Throw<BrokerDamagedException>(() => LogBackup.Begin(folder.Path).Dispose(), where);
            Should.Throw<BrokerDamagedException>(() => LogView.Open(folder.Path).Dispose(), where);
        }

        using (var again = LogRepair.Open(folder.Path, Make.Token))
        {
            Standing(again.Report).ShouldBe(expected, where);
            if (again.Report.Damages.Count > 0)
            {
                again.Apply(TimeProvider.System.GetUtcNow());
            }
        }

        using (var clean = LogRepair.Open(folder.Path, Make.Token))
        {
            clean.Report.Damages.ShouldBeEmpty(where);
        }

        await using var broker = await DamagedLog.OpenLaterAsync(folder);
        (await broker.ReadAllAsync("orders")).ToDictionary(static one => one.Offset, Make.Text).ShouldBe(kept, ignoreOrder: true, where);
        (await broker.StoreAsync(Make.Event("after"))).ShouldBeGreaterThan(kept.Keys.DefaultIfEmpty().Max(), where);
    }

    private static List<(string Consumer, long Lag, long Dead, int Retrying)> Standing(RepairReport report) =>
        [.. report.Subscribers.Select(static one => (one.Consumer, one.Lag, one.Dead, one.Retrying)).OrderBy(static one => one.Consumer, StringComparer.Ordinal)];
}
