namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>What many calls at once came to.</summary>
/// <param name="PerSecond">Calls that were answered.</param>
/// <param name="Bad">Answers of 300 and more.</param>
/// <param name="Milliseconds">How long each call took, sorted.</param>
internal sealed record LoadResult(double PerSecond, int Bad, double[] Milliseconds)
{
    public double At(double share) =>
        Milliseconds.Length == 0 ? 0 : Milliseconds[Math.Max(0, (int)Math.Ceiling(Milliseconds.Length * share) - 1)];
}
