using System.Globalization;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;

namespace HmsMesh.Broker.Writing;

/// <summary>Which old segments may go: never one with an event that a known consumer still owes an answer for.</summary>
internal static class Retention
{
    public static long Size(BrokerCore core) => core.Files.Segments.Sum(static one => one.EndPosition);

    /// <summary>The oldest segments that are past their age, or that must go so that another fits.</summary>
    public static List<Segment> Choose(BrokerCore core, bool bySize)
    {
        var oldest = core.Now - core.Options.Retention.Ticks;
        var needed = core.Groups.Values.Select(static one => one.NeededFrom()).DefaultIfEmpty(long.MaxValue).Min();
        var over = bySize ? Size(core) + core.SegmentSize - core.Options.MaxSize : 0;
        var gone = new List<Segment>();
        foreach (var segment in core.Files.Segments.SkipLast(1))
        {
            if (segment.EndOffset > needed || (segment.Closed >= oldest && over <= 0))
            {
                break;
            }

            over -= segment.EndPosition;
            gone.Add(segment);
        }

        return gone;
    }

    /// <summary>Deletes segments that the log no longer counts on.</summary>
    public static void Delete(BrokerCore core, IReadOnlyCollection<Segment> gone)
    {
        if (gone.Count == 0)
        {
            return;
        }

        core.Files.Remove(gone);
        foreach (var path in gone.Select(static one => one.Path))
        {
            try
            {
                Disk.Delete(path);
                Disk.Delete(DuplicateIndex.FileName(path));
                BrokerLog.SegmentDeleted(core.Logger, path);
            }
            catch (IOException e)
            {
                BrokerLog.DeleteFailed(core.Logger, e, path);
            }
        }
    }

    public static string WhoLags(BrokerCore core)
    {
        var last = core.Groups.Values.Select(static one => one.Status()).Where(static one => one.Lag > 0).MinBy(static one => one.Mark);
        var limit = core.Options.MaxSize.ToString("N0", CultureInfo.InvariantCulture);
        return last is null
            ? $"The log in {core.Folder} is at its limit of {limit} bytes."
            : $"The log in {core.Folder} is at its limit of {limit} bytes: {last.Consumer} lags {last.Lag} events behind on {last.Topic}.";
    }
}
