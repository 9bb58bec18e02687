using System.Text.Json;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>What a sidecar's process prints, as a hosted sidecar would say it.</summary>
internal sealed class SidecarLines(Action<string> say)
{
    private const string Prefix = "mesh sidecar: ";
    private volatile string? _fault;

    /// <summary>The sentence with which it gave up, if it did.</summary>
    public string? Fault => _fault;

    public void Take(string line)
    {
        if (line.StartsWith(Prefix, StringComparison.Ordinal))
            _fault = line[Prefix.Length..];
        say(Plain(line));
    }

    internal static string Plain(string line)
    {
        if (!line.StartsWith('{'))
            return line;
        try
        {
            using var json = JsonDocument.Parse(line);
            var message = json.RootElement.GetProperty("msg").GetString()!.ReplaceLineEndings(" ⏎ ");
            var level = json.RootElement.GetProperty("level").GetString();
            return level is "warning" or "error" or "fatal" ? $"{level}: {message}" : message;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return line;
        }
    }
}
