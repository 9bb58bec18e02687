using HmsMesh.Broker.Log;

namespace HmsMesh.Broker.Tests.Support;

/// <summary>A log with something of everything in it, and each way to damage it.</summary>
internal static class DamagedLog
{
    public const int Events = 60;

    public static IReadOnlyList<string> Kinds =>
    [
        "byte in the middle of an old segment", "byte in the newest segment", "old segment missing", "first segment missing", "gap of zeros",
        "newest segment cut short", "snapshot of the newest segment", "snapshot of the first segment", "snapshot of every segment",
        "header of an old segment", "header of the newest segment", "side file missing", "side file broken", "newest segment missing", "everything but the side file missing",
        "record in the wrong place", "two gaps",
    ];

    public static Task<IEventBroker> OpenAsync(TemporaryFolder folder) => Make.BrokerAsync(folder, static one => one with { SegmentSize = 64 << 10 });

    /// <summary>Long after, when everything that failed may be tried again.</summary>
    public static Task<IEventBroker> OpenLaterAsync(TemporaryFolder folder) =>
        Make.BrokerAsync(folder, static one => one with { SegmentSize = 64 << 10, Time = new ShiftedTime(TimeSpan.FromHours(2)) });

    /// <summary>Some events in several segments; `app` handled all but a few, `late` none. Returns what was handled for certain.</summary>
    public static async Task<HashSet<long>> FillAsync(TemporaryFolder folder)
    {
        await using var broker = await OpenAsync(folder);
        await broker.RegisterAsync(Make.Subscription("late"), Make.Token);
        var handled = new HashSet<long>();
        var handler = new Recorder((one, _) => ValueTask.FromResult(one.Event.Text()[0] == '7' ? new Verdict(VerdictKind.Failed, "later") : Handled(one)));
        await using var subscription = await broker.SubscribeAsync(
            Make.Subscription("app") with { Retry = new Fixed(TimeSpan.FromHours(1), 9) }, handler, Make.Token);
        for (var i = 0; i < Events; i++)
        {
            await broker.StoreAsync(Make.Event($"{i % 10} {i} {new string('x', 4000)}", $"key-{i}"));
        }

        await Wait.UntilAsync(() => broker.Subscribers().Single(static one => one.Consumer == "app").Retrying == Events / 10
            && broker.Subscribers().Single(static one => one.Consumer == "app").Lag == Events / 10);
        return handled;

        Verdict Handled(Delivery one)
        {
            lock (handled)
            {
                handled.Add(one.Event.Offset);
            }

            return Verdict.Handled;
        }
    }

    public static Dictionary<long, string> Read(string folder)
    {
        using var view = LogView.Open(folder);
        return view.Read(0, "orders", Make.Token).ToDictionary(static one => one.Offset, Make.Text);
    }

    public static string Damage(TemporaryFolder folder, string kind)
    {
        var segments = folder.Segments;
        segments.Count.ShouldBeGreaterThan(3);
        var side = Path.Combine(folder.Path, "acknowledged");
        switch (kind)
        {
            case "byte in the middle of an old segment":
                return Flip(segments[1], 30_000);
            case "byte in the newest segment":
                return Flip(segments[^1], RecordsEnd(segments[^1]) - 100);
            case "old segment missing":
                return Delete(segments[1]);
            case "first segment missing":
                return Delete(segments[0]);
            case "newest segment missing":
                Delete(segments[^1]);
                return segments[^2];
            case "gap of zeros":
                return Write(segments[1], 20_000, new byte[12_000]);
            case "two gaps":
                Flip(segments[1], 10_000);
                return Flip(segments[1], 40_000);
            case "newest segment cut short":
                using (var file = File.OpenHandle(segments[^1], FileMode.Open, FileAccess.ReadWrite))
                {
                    RandomAccess.SetLength(file, RecordsEnd(segments[^1]) - 500);
                }

                return segments[^1];
            case "snapshot of the newest segment":
                return Flip(segments[^1], 100);
            case "snapshot of the first segment":
                return Flip(segments[0], 70);
            case "snapshot of every segment":
                return segments.Select(static one => Flip(one, 90)).Last();
            case "header of an old segment":
                return Flip(segments[1], 8);
            case "header of the newest segment":
                return Flip(segments[^1], 3);
            case "side file missing":
                return Delete(side);
            case "side file broken":
                File.WriteAllBytes(side, new byte[1024]);
                return side;
            case "everything but the side file missing":
                return segments.Select(Delete).First();
            case "record in the wrong place":
                var bytes = File.ReadAllBytes(segments[1]);
                return Write(segments[1], 40_000, bytes[200..9000]);
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    private static long RecordsEnd(string path)
    {
        using var walk = new SegmentWalk(Segment.OpenToRead(path));
        while (walk.TryNext(out _, out _))
        {
            // To its end.
        }

        return walk.Position;
    }

    private static string Delete(string path)
    {
        File.Delete(path);
        return path;
    }

    private static string Flip(string path, long at)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var one = new byte[1];
        RandomAccess.Read(file, one, at);
        one[0] ^= 0x40;
        RandomAccess.Write(file, one, at);
        return path;
    }

    private static string Write(string path, long at, byte[] bytes)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(file, bytes, at);
        return path;
    }
}
