using HmsMesh.Broker.Log;

namespace HmsMesh.Broker.Repair;

/// <summary>What is good in one segment file.</summary>
internal sealed class SurveyedSegment(string path, long first) : IDisposable
{
    public Segment Segment { get; } = new(path, first, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public long Base => Segment.Base;

    /// <summary>When it was begun, in UTC ticks; 0 where its header can't be read.</summary>
    public long Created { get; set; }

    public List<GoodRun> Runs { get; } = [];

    /// <summary>The offset after its last one, lost ones included.</summary>
    public long EndOffset { get; set; }

    public long DuplicateUntil { get; set; }

    /// <summary>Its header, or something in it, is not as it was written.</summary>
    public bool IsDamaged { get; set; }

    public void Dispose() => Segment.Dispose();
}
