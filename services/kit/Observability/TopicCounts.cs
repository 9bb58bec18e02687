using System.Text.Json;

namespace HmsMesh.Kit;

/// <summary>The counts of one topic since the start.</summary>
internal sealed class TopicCounts
{
    private readonly long[] _outcomes = new long[4];
    private long _stale;
    private long _accepted;
    private long _refused;

    public static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Handled => "handled",
        Outcome.Duplicate => "duplicate",
        Outcome.Dropped => "dropped",
        _ => "failed",
    };

    public void Count(HandledEvent handled)
    {
        Interlocked.Increment(ref _outcomes[(int)handled.Outcome]);
        if (handled.IsStale)
        {
            Interlocked.Increment(ref _stale);
        }
    }

    public void CountSent(bool accepted) => Interlocked.Increment(ref accepted ? ref _accepted : ref _refused);

    public void WriteHeard(Utf8JsonWriter writer)
    {
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            writer.WriteNumber(Name(outcome), Interlocked.Read(ref _outcomes[(int)outcome]));
        }

        writer.WriteNumber("stale", Interlocked.Read(ref _stale));
    }

    public void WriteSaid(Utf8JsonWriter writer)
    {
        writer.WriteNumber("sent", Interlocked.Read(ref _accepted));
        writer.WriteNumber("failed", Interlocked.Read(ref _refused));
    }
}
