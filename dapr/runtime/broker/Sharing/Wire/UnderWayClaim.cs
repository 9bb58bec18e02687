namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>A delivery that an instance had when it lost its writer, as it tells the next one: what was delivered, at which try, and the
/// verdicts where they were given and not known to be on disk.</summary>
internal sealed record UnderWayClaim(long Id, long[] Offsets, int[] Tries, Verdict[]? Verdicts);
