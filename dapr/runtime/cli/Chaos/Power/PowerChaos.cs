using System.Globalization;

namespace HmsMesh.Cli.Chaos.Power;

/// <summary>
/// Chains of lives: a broker works on a folder, its power is cut at many points of what it wrote, each cut's disk is opened and
/// counted, and one of them goes on as the next life.
/// </summary>
internal sealed class PowerChaos(string folder, TimeProvider time, bool lie)
{
    private const int Lives = 4;
    private const int CutsOfLife = 12;

    public PowerCounts Counts { get; } = new();

    /// <summary>One chain. Returns what is wrong at the first wrong cut; its disk is kept in <paramref name="evidence"/>.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(int seed, long cuts, string evidence, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var (work, check) = (Path.Combine(folder, "life"), Path.Combine(folder, "cut"));
        var (start, history) = (DiskImage.Empty, new History());
        for (var life = 0; life < Lives && Counts.Cuts < cuts; life++)
        {
            start.WriteTo(work);
            var run = string.Create(CultureInfo.InvariantCulture, $"{seed}.{life}");
            var journal = await new PowerLife(work, history, random, run, time).RunAsync(start, cancellationToken);
            for (var i = 0; i < CutsOfLife && Counts.Cuts < cuts; i++)
            {
                var cut = random.Next(journal.Count + 1);
                var image = PowerCut.Rebuild(journal, cut, random, lie);
                image.WriteTo(check);
                var known = history.Before(cut);

                // Retention goes on in the lives: what is counted here must still be there.
                var options = PowerLife.Options(check, random, time) with { Retention = TimeSpan.FromDays(7), MaxSize = 1L << 30 };
                var faults = await new PowerCheck(options, known, Counts, time).RunAsync(cancellationToken);
                if (faults.Count > 0)
                {
                    image.WriteTo(evidence);
                    return [$"life {life}, cut {i} at change {cut} of {journal.Count}:", .. faults];
                }

                if (i == CutsOfLife - 1)
                {
                    // The next life begins with the disk of this cut, or with what opening and handling made of it.
                    var drained = random.Next(2) == 0;
                    (start, history) = drained ? (DiskImage.Read(check), known) : (image, history.Before(cut));
                }
            }
        }

        return [];
    }
}
