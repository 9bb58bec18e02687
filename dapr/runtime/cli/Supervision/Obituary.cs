using System.Globalization;

namespace HmsMesh.Cli.Supervision;

/// <summary>Says in one sentence how a service died, where, with its last lines, and what happens next.</summary>
internal static class Obituary
{
    private const int LastLines = 5;
    private const int ExitBySignal = 128;

    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [13] = "SIGPIPE",
        [15] = "SIGTERM",
    };

    public static string Write(ServicePlan plan, int code, bool wasHealthy, IReadOnlyList<string> lines, TimeSpan wait)
    {
        var how = How(code);
        var when = wasHealthy ? "while it ran" : "before it was healthy";
        var remedy = string.Create(
            CultureInfo.InvariantCulture, $"it starts again in {wait.TotalSeconds:0.#} s; 'mesh logs {plan.Label}' shows all it said");
        var last = lines.Where(line => line.Length > 0).TakeLast(LastLines).ToList();
        return last.Count == 0
            ? $"{plan.Label} ({plan.App.Place}) {how} {when} and said nothing; {remedy}."
            : $"{plan.Label} ({plan.App.Place}) {how} {when}; {remedy}. Its last lines:{string.Concat(last.Select(line => "\n    " + line))}";
    }

    public static string How(int code) => code > ExitBySignal && Signals.TryGetValue(code - ExitBySignal, out var signal)
        ? $"was ended by {signal}"
        : $"ended with exit code {code}";
}
