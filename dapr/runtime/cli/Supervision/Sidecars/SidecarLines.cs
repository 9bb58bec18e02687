using System.Text.Json;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>What a sidecar's process prints, as a hosted sidecar would say it.</summary>
internal sealed class SidecarLines(Action<string> say)
{
    /// <summary>Who says why a sidecar gave up, in its last line of JSON.</summary>
    public const string Scope = "mesh.sidecar";

    private const string Prefix = "mesh sidecar: ";
    private const string Fatal = "fatal: ";
    private volatile string? _fault;

    /// <summary>The sentence with which it gave up, if it did.</summary>
    public string? Fault => _fault;

    public void Take(string line)
    {
        if (line.StartsWith(Prefix, StringComparison.Ordinal))
            _fault = line[Prefix.Length..];
        var plain = Plain(line);
        if (line.StartsWith('{') && plain.StartsWith(Fatal, StringComparison.Ordinal) && line.Contains($"\"scope\":\"{Scope}\"", StringComparison.Ordinal))
            _fault = plain[Fatal.Length..];
        say(plain);
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
