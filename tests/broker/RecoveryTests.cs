using HmsMesh.Broker.Native;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

public class RecoveryTests
{
    [Fact]
    public async Task Open_HeldByOneThatSharesNothing_NamesThePid()
    {
        using var folder = new TemporaryFolder();
        using var other = ProcessLock.TryTake(Path.Combine(folder.Path, "lock"), out _);

        var refused = await Should.ThrowAsync<BrokerLockedException>(async () => await Make.BrokerAsync(folder));

        refused.Pid.ShouldBe(Environment.ProcessId);
        refused.Message.ShouldContain(folder.Path);
        refused.Message.ShouldContain($"process {Environment.ProcessId}");
    }

    [Theory]
    [InlineData(0x6969, null, "NFS")]
    [InlineData(0xFF534D42, null, "CIFS")]
    [InlineData(0x01021997, null, "9p")]
    [InlineData(0x65735546, "fuse.sshfs", "fuse.sshfs")]
    [InlineData(0x65735546, "fuse.lxcfs", null)]
    [InlineData(0x65735546, "virtiofs", null)]
    [InlineData(0xEF53, null, null)]
    public void NetworkFileSystem_ByMagic_IsNamed(long magic, string? mount, string? name) => NetworkFileSystem.Name(magic, mount).ShouldBe(name);

    [Fact]
    public void MountType_LongestMountPointWins() => NetworkFileSystem.MountType("/mnt/a b/broker", [
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
        "23 22 0:40 / /mnt rw - tmpfs tmpfs rw",
        "24 23 0:41 / /mnt/a\\040b rw shared:1 - fuse.sshfs host:/ rw",
        "25 22 0:42 / /mnt/a rw - nfs4 host:/ rw"]).ShouldBe("fuse.sshfs");

    [Fact]
    public async Task Open_FlippedByteInAnyRecord_IsRefusedByFileAndOffset()
    {
        using var folder = new TemporaryFolder();
        var ends = await WriteAsync(folder, 8);
        var file = folder.Segments.ShouldHaveSingleItem();
        var good = await File.ReadAllBytesAsync(file, Make.Token);
        for (var at = 0; at < ends[^1]; at += 7)
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= 0x10;
            await File.WriteAllBytesAsync(file, bad, Make.Token);

            var damage = await Should.ThrowAsync<BrokerDamagedException>(async () => await Make.BrokerAsync(folder));

            damage.File.ShouldBe(file);
            damage.Position.ShouldBe(at < ends[0] ? 0 : ends.Last(end => end <= at), $"byte {at}");
            damage.Message.ShouldContain(file);
            (await File.ReadAllBytesAsync(file, Make.Token)).ShouldBe(bad);
        }

        await File.WriteAllBytesAsync(file, good, Make.Token);
        await using var broker = await Make.BrokerAsync(folder);
        (await broker.ReadAllAsync()).Count.ShouldBe(8);
    }

    [Fact]
    public async Task Open_TruncatedAnywhere_IsRefusedByFileAndOffset()
    {
        using var folder = new TemporaryFolder();
        var ends = await WriteAsync(folder, 5);
        var file = folder.Segments.ShouldHaveSingleItem();
        var good = await File.ReadAllBytesAsync(file, Make.Token);
        for (var length = ends[1]; length < ends[^1]; length += 11)
        {
            await File.WriteAllBytesAsync(file, good[..(int)length], Make.Token);

            var damage = await Should.ThrowAsync<BrokerDamagedException>(async () => await Make.BrokerAsync(folder));

            damage.File.ShouldBe(file);
            damage.Position.ShouldBe(ends.Last(end => end <= length));
        }
    }

    [Fact]
    public async Task Open_GapWithAnOldSideFile_IsFoundByTheLaterGroups()
    {
        using var folder = new TemporaryFolder();
        var side = Path.Combine(folder.Path, "acknowledged");
        await WriteAsync(folder, 1);
        var old = await File.ReadAllBytesAsync(side, Make.Token);
        var ends = await WriteAsync(folder, 5);
        await File.WriteAllBytesAsync(side, old, Make.Token);
        var file = folder.Segments.ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(file, Make.Token);
        bytes.AsSpan((int)ends[3], (int)(ends[4] - ends[3])).Clear();
        await File.WriteAllBytesAsync(file, bytes, Make.Token);

        var damage = await Should.ThrowAsync<BrokerDamagedException>(async () => await Make.BrokerAsync(folder));

        (damage.File, damage.Position).ShouldBe((file, ends[3]));
    }

    [Fact]
    public async Task Open_FirstTimeFailedHalfWay_OpensTheNextTime()
    {
        using var folder = new TemporaryFolder();
        var inTheWay = Path.Combine(folder.Path, "acknowledged.tmp");
        Directory.CreateDirectory(inTheWay);
        await Should.ThrowAsync<BrokerException>(async () => await Make.BrokerAsync(folder));
        Directory.Delete(inTheWay);

        await using var broker = await Make.BrokerAsync(folder);

        await broker.StoreAsync(Make.Event("a"));
    }

    [Fact]
    public async Task Open_TornEnd_IsCutAndWritingGoesOn()
    {
        using var folder = new TemporaryFolder();
        var ends = await WriteAsync(folder, 3);
        var file = folder.Segments.ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(file, Make.Token);

        // The first half of a record that was under way when the power went, and a part of one of its group.
        bytes.AsSpan((int)ends[2], 40).CopyTo(bytes.AsSpan((int)ends[^1]));
        bytes.AsSpan((int)ends[^1] + 4000, 100).Fill(0xAB);
        await File.WriteAllBytesAsync(file, bytes, Make.Token);

        await using (var broker = await Make.BrokerAsync(folder))
        {
            (await broker.ReadAllAsync()).Count.ShouldBe(3);
            await broker.StoreAsync(Make.Event("after"));
        }

        await using var again = await Make.BrokerAsync(folder);
        (await again.ReadAllAsync()).Select(Make.Text).Last().ShouldBe("after");
    }

    [Fact]
    public async Task Open_MissingSegmentOrSideFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 256 << 10 }))
        {
            await broker.PublishAsync([.. Enumerable.Range(0, 10).Select(static _ => Make.Event(new string('x', 90_000)))], Make.Token);
        }

        folder.Segments.Count.ShouldBeGreaterThan(2);
        var second = folder.Segments[1];
        File.Move(second, second + ".away");
        (await Should.ThrowAsync<BrokerDamagedException>(async () => await Make.BrokerAsync(folder))).File.ShouldBe(second);
        File.Move(second + ".away", second);

        var last = folder.Segments[^1];
        File.Move(last, last + ".away");
        await Should.ThrowAsync<BrokerDamagedException>(async () => await Make.BrokerAsync(folder));
        File.Move(last + ".away", last);

        var side = Path.Combine(folder.Path, "acknowledged");
        File.Move(side, side + ".away");
        (await Should.ThrowAsync<BrokerDamagedException>(async () => await Make.BrokerAsync(folder))).File.ShouldBe(side);
    }

    [Fact]
    public async Task Read_FlippedByteInAnOlderSegment_StopsThereNamingIt()
    {
        using var folder = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 256 << 10 }))
        {
            await broker.RegisterAsync(Make.Subscription(), Make.Token);
            await broker.PublishAsync([.. Enumerable.Range(0, 10).Select(static _ => Make.Event(new string('x', 90_000)))], Make.Token);
        }

        var file = folder.Segments[1];
        await using (var stream = File.OpenWrite(file))
        {
            stream.Position = 100_000;
            stream.WriteByte((byte)'y');
        }

        await using var again = await Make.BrokerAsync(folder);
        var damage = await Should.ThrowAsync<BrokerDamagedException>(async () => await again.ReadAllAsync());
        damage.File.ShouldBe(file);
        damage.Position.ShouldBeInRange(64, 100_000);

        var recorder = new Recorder();
        await using var subscription = await again.SubscribeAsync(Make.Subscription() with { Concurrency = 1 }, recorder, Make.Token);
        await Wait.UntilAsync(() => again.Subscribers()[0].Problem is not null);
        again.Subscribers()[0].Problem!.ShouldContain(file);
        again.Subscribers()[0].Lag.ShouldBeGreaterThan(0);
    }

    /// <summary>Writes events one by one and returns where each record of the segment ends: header, snapshot, and so on.</summary>
    private static async Task<List<long>> WriteAsync(TemporaryFolder folder, int count)
    {
        await using (var broker = await Make.BrokerAsync(folder))
        {
            for (var i = 0; i < count; i++)
            {
                await broker.StoreAsync(Make.Event($"event {i}", $"key {i}"));
            }
        }

        using var segment = Log.Segment.Open(folder.Segments[^1]);
        using var walk = new Log.SegmentWalk(segment);
        var ends = new List<long> { walk.Position };
        while (walk.TryNext(out _, out _))
        {
            ends.Add(walk.Position);
        }

        return ends;
    }
}
