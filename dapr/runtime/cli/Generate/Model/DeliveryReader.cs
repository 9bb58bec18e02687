using System.Globalization;

namespace HmsMesh.Cli.Generate.Model;

/// <summary>Reads services/delivery.yaml.</summary>
internal static class DeliveryReader
{
    private const string File = DeliverySettings.File;

    public static DeliverySettings? Read(string root, ICollection<Problem> problems)
    {
        if (!System.IO.File.Exists(Path.Combine(root, File)))
        {
            problems.Add(new Problem(File, 1, "", "is not there", "take it from the repository's history"));
            return null;
        }

        if (Source.Read(root, File, problems) is not { } source)
            return null;
        var before = problems.Count;
        var policy = source.Find("/retry/policy")?.Text;
        if (policy is not ("exponential" or "constant"))
        {
            problems.Add((source.Find("/retry/policy") ?? source).Fault("is neither exponential nor constant", "write 'policy: exponential' or 'policy: constant' below retry"));
            return null;
        }

        var exponential = policy == "exponential";
        var retention = Time(source, "/retention", problems);
        var settings = new DeliverySettings
        {
            Source = source,
            ProbeInterval = Time(source, "/health/probeInterval", problems),
            ProbeTimeout = Time(source, "/health/probeTimeout", problems),
            ProbeThreshold = Number(source, "/health/threshold", problems),
            Retry = new RetrySettings(
                exponential, Time(source, exponential ? "/retry/maxInterval" : "/retry/interval", problems), Number(source, "/retry/maxRetries", problems)),
            Deduplication = GoDuration.Write(Time(source, "/deduplication", problems)),
            Retention = GoDuration.Write(retention),
            Inbox = retention + TimeSpan.FromDays(1),
        };
        if (settings.ProbeInterval.Ticks % TimeSpan.TicksPerSecond != 0)
            problems.Add(source.Find("/health/probeInterval")!.Fault("is not a whole number of seconds", "daprd takes seconds only"));
        return problems.Count == before ? settings : null;
    }

    private static TimeSpan Time(Source source, string pointer, ICollection<Problem> problems)
    {
        if (GoDuration.Parse(source.Find(pointer)?.Text) is { } time && time > TimeSpan.Zero)
            return time;
        problems.Add((source.Find(pointer) ?? source).Fault($"{Missing(source, pointer)}is no duration", "write a number with ms, s, m or h, such as 500ms or 24h"));
        return TimeSpan.FromSeconds(1);
    }

    private static int Number(Source source, string pointer, ICollection<Problem> problems)
    {
        if (int.TryParse(source.Find(pointer)?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1000)
            return number;
        problems.Add((source.Find(pointer) ?? source).Fault($"{Missing(source, pointer)}is no number from 1 to 1000", "write one"));
        return 1;
    }

    // A missing value's fault stands at the top of the file and names it.
    private static string Missing(Source source, string pointer) => source.Find(pointer) is null ? pointer + " " : "";
}
