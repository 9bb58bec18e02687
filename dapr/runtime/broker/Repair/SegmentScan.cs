using HmsMesh.Broker.Log;

namespace HmsMesh.Broker.Repair;

/// <summary>Reads a segment as far as it goes, and beyond damage: the next good record is looked for at every eighth byte.</summary>
internal static class SegmentScan
{
    /// <param name="limit">The next segment's first offset; <see cref="long.MaxValue"/> for the last one.</param>
    /// <param name="acknowledged">Every offset below it was acknowledged.</param>
    public static void Run(SurveyedSegment surveyed, long limit, long acknowledged, List<LogDamage> damages)
    {
        using var walk = new SegmentWalk(surveyed.Segment);
        while (true)
        {
            var (from, position) = (walk.Next, walk.Position);
            while (walk.Next < limit && walk.TryNext(out _, out _))
            {
                // To the end of what is good.
            }

            if (walk.Next > from)
            {
                surveyed.Runs.Add(new GoodRun(from, walk.Next, position, walk.Position));
            }

            if (walk.Next >= limit)
            {
                break;
            }

            var (lost, at) = (walk.Next, walk.Position);
            if (!walk.TryResume(limit, mayBeTorn: limit == long.MaxValue && walk.Next >= acknowledged))
            {
                End(surveyed, walk, limit, acknowledged, damages);
                return;
            }

            surveyed.IsDamaged = true;
            damages.Add(new LogDamage(surveyed.Segment.Path, at, $"record {lost} is not there or not as it was written", lost, walk.Next));
        }

        surveyed.EndOffset = limit;
    }

    private static void End(SurveyedSegment surveyed, SegmentWalk walk, long limit, long acknowledged, List<LogDamage> damages)
    {
        var until = limit == long.MaxValue ? acknowledged : limit;
        surveyed.EndOffset = Math.Max(walk.Next, until);
        if (walk.Next < until)
        {
            surveyed.IsDamaged = true;
            var why = limit == long.MaxValue
                ? $"records end there, but those up to {acknowledged - 1} were acknowledged"
                : $"records end there, but the next file begins with {limit}";
            damages.Add(new LogDamage(surveyed.Segment.Path, walk.Position, why, walk.Next, until));
        }
    }
}
