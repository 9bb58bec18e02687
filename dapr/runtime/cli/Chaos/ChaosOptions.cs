using System.CommandLine;

namespace HmsMesh.Cli.Chaos;

internal static class ChaosOptions
{
    public static Option<int?> Seed() => new("--seed") { Description = "Repeat the random choices of an earlier run (default: a new one, printed)." };

    public static int RandomSeed() => Random.Shared.Next(1, 1_000_000_000);
}
