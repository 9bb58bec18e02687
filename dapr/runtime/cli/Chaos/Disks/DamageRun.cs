using System.Globalization;
using System.Security.Cryptography;
using HmsMesh.Broker;
using HmsMesh.Cli.Chaos.Power;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.Chaos.Disks;

/// <summary>Damages a closed folder at random places: each damage must be harmless, or refused with its file named, never accepted in silence; and
/// what was refused is mended, with a true account of the loss.</summary>
internal sealed class DamageRun(string folder, int seed, TimeProvider time, DiskReport report)
{
    private const int LogOfDamages = 100;
    private readonly Random _random = new(seed);
    private TimeSpan _later;
    private Dictionary<long, string> _events = [];

    public async Task RunAsync(int damages, CancellationToken cancellationToken)
    {
        var (image, whole) = (DiskImage.Empty, "");
        for (var i = 0; i < damages && report.Wrong.Count == 0; i++)
        {
            if (i % LogOfDamages == 0)
            {
                _later = TimeSpan.FromHours(i / LogOfDamages % 2 * 2);
                image = await MakeAsync(i, cancellationToken);
                image.WriteTo(folder);
                whole = await ReadAsync(cancellationToken);
                _events = await EventsAsync(cancellationToken);
            }

            var damage = Damage.Make(image, _random);
            damage.Image.WriteTo(folder);
            report.Damages++;
            if (await IsRefusedAsync(damage, whole, cancellationToken))
            {
                await MendAsync(damage, cancellationToken);
            }
        }
    }

    /// <summary>In every other log the deduplication's window is over, so that opening it need not read the older segments.</summary>
    private BrokerOptions Options => new() { Path = folder, SegmentSize = 64 << 10, Time = new LaterTime(time, _later) };

    /// <summary>A log of several segments with consumers' progress in it, as the lives before a power cut leave it.</summary>
    private async Task<DiskImage> MakeAsync(int turn, CancellationToken cancellationToken)
    {
        DiskImage.Empty.WriteTo(folder);
        await new PowerLife(folder, new History(), new Random(seed + turn), string.Create(CultureInfo.InvariantCulture, $"d{turn}"), time)
            .RunAsync(DiskImage.Empty, cancellationToken);
        return DiskImage.Read(folder);
    }

    private async Task<bool> IsRefusedAsync(Damage damage, string whole, CancellationToken cancellationToken)
    {
        var (opened, refusedIt) = (false, false);
        try
        {
            await using var broker = await EventBroker.OpenAsync(Options, NullLogger.Instance, cancellationToken);
            opened = true;
            if (await ReadAsync(broker, cancellationToken) == whole)
            {
                report.Harmless++;
            }
            else
            {
                report.Wrong.Add($"accepted in silence: {damage}");
            }
        }
        catch (BrokerDamagedException refused)
        {
            refusedIt = true;
            report.RefusedAtOpening += opened ? 0 : 1;
            report.RefusedAtReading += opened ? 1 : 0;

            // A newer file proves what an older one lacks, and the other way round: a missing last segment shows as what was acknowledged.
            var named = Path.GetFileName(refused.File);
            if (named != damage.File && damage.What is not ("a missing file" or "a file cut short") && !damage.File.Equals("acknowledged", StringComparison.Ordinal))
            {
                report.Wrong.Add($"{damage} is refused in the name of {named}: {refused.Message}");
            }

            if (named == damage.File && refused.Position > Math.Max(damage.Position, 64) + 512)
            {
                report.Wrong.Add($"{damage} is refused only at byte {refused.Position}: {refused.Message}");
            }
        }
        catch (BrokerException refused)
        {
            report.Wrong.Add($"{damage} is refused without its place: {refused.Message}");
        }

        return refusedIt;
    }

    /// <summary>Mends the folder: what it says is kept is there as it was, what is not there it says is lost.</summary>
    private async Task MendAsync(Damage damage, CancellationToken cancellationToken)
    {
        try
        {
            RepairReport told;
            using (var repair = LogRepair.Open(folder, cancellationToken))
            {
                told = repair.Report;
                repair.Apply(time.GetUtcNow());
            }

            var after = await EventsAsync(cancellationToken);
            foreach (var (offset, digest) in _events)
            {
                var isThere = after.Remove(offset, out var now);
                if (isThere ? now != digest : !told.Damages.Any(one => one.From <= offset && offset < one.Until))
                {
                    report.Wrong.Add($"{damage}: after the repair event {offset} is {(isThere ? "another" : "gone without a word")}: {string.Join("; ", told.Damages)}");
                    return;
                }

                report.LostInRepair += isThere ? 0 : 1;
            }

            if (after.Keys.Any(offset => offset < told.Head))
            {
                report.Wrong.Add($"{damage}: the repair made up event {after.Keys.Min()}");
            }

            report.Mended++;
        }
        catch (BrokerException refused)
        {
            report.Wrong.Add($"{damage} can't be mended: {refused.Message}");
        }
    }

    private async Task<Dictionary<long, string>> EventsAsync(CancellationToken cancellationToken)
    {
        var events = new Dictionary<long, string>();
        await using var broker = await EventBroker.OpenAsync(Options, NullLogger.Instance, cancellationToken);
        await foreach (var one in broker.ReadAsync(0, follow: false, cancellationToken))
        {
            events[one.Offset] = $"{one.Topic} {one.Id} {one.Key} {one.DeadLetter} {Convert.ToHexString(SHA256.HashData(one.Data.Span))}";
        }

        return events;
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        await using var broker = await EventBroker.OpenAsync(Options, NullLogger.Instance, cancellationToken);
        return await ReadAsync(broker, cancellationToken);
    }

    /// <summary>Every event and how far every consumer is, as one digest.</summary>
    private static async Task<string> ReadAsync(IEventBroker broker, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0;
        await foreach (var one in broker.ReadAsync(0, follow: false, cancellationToken))
        {
            count++;
            digest.AppendData(BitConverter.GetBytes(one.Offset));
            digest.AppendData(System.Text.Encoding.UTF8.GetBytes($"{one.Topic} {one.Id} {one.Key} {one.DeadLetter}"));
            digest.AppendData(one.Data.Span);
        }

        var status = await broker.StatusAsync(cancellationToken);
        var consumers = status.Subscribers.OrderBy(static one => one.Consumer, StringComparer.Ordinal).Select(static one => $"{one.Consumer} {one.Mark} {one.Lag} {one.Dead}");
        return $"{count} {Convert.ToHexStringLower(digest.GetHashAndReset())} {string.Join("; ", consumers)}";
    }
}
