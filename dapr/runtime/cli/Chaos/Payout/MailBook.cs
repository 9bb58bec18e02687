using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Logs;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>What the notifier mailed, by its log, and what it keeps, by the state store's database.</summary>
internal sealed record MailBook
{
    private const string Service = "notifier";
    private const string Mailed = ": Email sent to citizen ";
    private const string Known = ": Email was sent before";
    private const string Handled = " is handled already";
    private const string Began = "notifier listens on port ";

    /// <summary>The lives of the notifier in which an event's mail was sent, one after another, by the event's id.</summary>
    public required IReadOnlyDictionary<string, List<int>> Lives { get; init; }

    /// <summary>Events that came again and were mailed no second time.</summary>
    public required int Suppressed { get; init; }

    /// <summary>Messages in citizens' lists, and whether they are noted as mailed, by their id.</summary>
    public required IReadOnlyDictionary<string, bool> Kept { get; init; }

    /// <summary>Of each kind and event: noted as handled.</summary>
    public required IReadOnlySet<string> Inbox { get; init; }

    /// <summary>The id of a message, as the notifier makes it from its event.</summary>
    public static string MessageOf(SaidEvent said) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{said.Source}\n{said.Id}")))[..32];

    public static string InboxKeyOf(SaidEvent said) => $"{Service}||inbox/{said.Topic}/{said.Source}/{said.Id}";

    /// <summary>The line of an event's mail, by which it is found in the log.</summary>
    public static string LineOf(SaidEvent said) => $" {said.Id}{Mailed}";

    /// <summary>Its log, the older part first.</summary>
    public static IEnumerable<string> LogsOf(DataFolder data) =>
        new[] { ".log.1", ".log" }.Select(end => Path.Combine(data.Logs, Service + end)).Where(File.Exists);

    public static MailBook Read(DataFolder data)
    {
        var lives = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var (life, suppressed) = (0, 0);
        foreach (var line in LogsOf(data).SelectMany(File.ReadLines))
        {
            if (LogFile.Parse(Service, line) is not { Source: LogSource.App } said)
                continue;
            life += said.Text.Contains(Began, StringComparison.Ordinal) ? 1 : 0;
            suppressed += said.Text.EndsWith(Known, StringComparison.Ordinal) || said.Text.EndsWith(Handled, StringComparison.Ordinal) ? 1 : 0;
            if (said.Text.IndexOf(Mailed, StringComparison.Ordinal) is > 0 and var at)
                Add(lives, said.Text[(said.Text.LastIndexOf(' ', at - 1) + 1)..at], life);
        }

        using var state = Books.OfState(data);
        return new MailBook
        {
            Lives = lives,
            Suppressed = suppressed,
            Kept = state.Read($"select key, value from state where key like '{Service}||message-%'", static row => (Key: row.GetString(0), Value: row.GetString(1)))
                .ToDictionary(static row => row.Key[$"{Service}||message-".Length..], static row => IsMailed(row.Value), StringComparer.Ordinal),
            Inbox = state.Read($"select key from state where key like '{Service}||inbox/%'", static row => row.GetString(0)).ToHashSet(StringComparer.Ordinal),
        };
    }

    private static bool IsMailed(string message)
    {
        using var json = JsonDocument.Parse(message);
        return json.RootElement.GetProperty("mailed").GetBoolean();
    }

    private static void Add(Dictionary<string, List<int>> lives, string id, int life)
    {
        if (!lives.TryGetValue(id, out var list))
            lives[id] = list = [];
        list.Add(life);
    }
}
