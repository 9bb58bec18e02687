using System.Collections.Concurrent;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Up.Watching;

/// <summary>Builds services by the launcher, which lets one build run at a time and remembers what is up to date.</summary>
internal static class ServiceBuild
{
    private const int MostErrors = 20;

    /// <summary>The errors, none where it is built. An empty target is all that is out of date; `none` builds nothing and only notes
    /// that all is up to date.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(string root, string target, CancellationToken cancellationToken)
    {
        var lines = new ConcurrentQueue<string>();
        using var child = Child.Start(
            [Path.Combine(root, "mesh"), "build-services", .. target.Length == 0 ? Array.Empty<string>() : [target]], root, new Dictionary<string, string>(), lines.Enqueue);
        await using var asked = cancellationToken.Register(child.Kill);
        var code = await child.Ended;
        cancellationToken.ThrowIfCancellationRequested();
        if (code == 0)
            return [];
        var errors = lines.Where(line => line.Contains(": error ", StringComparison.Ordinal)).Select(line => Short(line, root)).Distinct().ToList();
        return errors.Count == 0 ? [.. lines.TakeLast(MostErrors)] : [.. errors.Take(MostErrors)];
    }

    /// <summary>The file within the clone, without the project at the end.</summary>
    private static string Short(string line, string root)
    {
        var text = line.Trim();
        var project = text.LastIndexOf(" [", StringComparison.Ordinal);
        return (project > 0 && text.EndsWith(']') ? text[..project] : text).Replace(root + "/", "", StringComparison.Ordinal);
    }
}
