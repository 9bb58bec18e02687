using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Logs;

/// <summary>Reads the logs that a mesh wrote, running or not.</summary>
internal static class LogArchive
{
    public static IReadOnlyList<string> Services(DataFolder data) =>
        Directory.Exists(data.Logs)
            ? [.. Directory.GetFiles(data.Logs, "*.log").Select(file => Path.GetFileNameWithoutExtension(file)).Order()]
            : [];

    /// <summary>Whether lines under this name are the service's: its own or one of its instances'.</summary>
    public static bool IsOf(string name, string service) =>
        name == service || (name.StartsWith(service, StringComparison.Ordinal) && name[service.Length] == '#');

    /// <summary>The last lines of all of these, in the order of their times.</summary>
    public static IReadOnlyList<LogLine> Last(DataFolder data, IEnumerable<string> services, int count) =>
        [.. services.SelectMany(service => Last(data, service, count)).OrderBy(line => line.Time).TakeLast(count)];

    private static Queue<LogLine> Last(DataFolder data, string service, int count)
    {
        var last = new Queue<LogLine>();
        var file = Path.Combine(data.Logs, service + ".log");
        foreach (var part in new[] { file + ".1", file }.Where(File.Exists))
        {
            using var stream = new FileStream(part, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } text)
            {
                if (LogFile.Parse(service, text) is not { } line)
                    continue;
                last.Enqueue(line);
                if (last.Count > count)
                    last.Dequeue();
            }
        }

        return last;
    }
}
