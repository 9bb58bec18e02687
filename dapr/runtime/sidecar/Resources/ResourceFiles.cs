using System.Globalization;
using Microsoft.Extensions.Logging;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HmsMesh.Sidecar.Resources;

/// <summary>Reads the YAML documents of folders and files. A document that isn't YAML is an error in the log and left out, as daprd
/// does.</summary>
internal sealed class ResourceFiles(ILogger log)
{
    private readonly Dictionary<string, IReadOnlyList<ResourceDocument>> _lastGood = new(StringComparer.Ordinal);
    private readonly List<(string Place, string Problem)> _broken = [];

    /// <summary>The first document that was left out, with its place; null: none was.</summary>
    public string? FirstProblem { get; private set; }

    /// <summary>The documents of every .yaml and .yml file of a folder, by the files' names.</summary>
    public IReadOnlyList<ResourceDocument> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new SidecarException($"The resources path {folder} is no folder. Create it, or correct --resources-path.");
        }

        return
        [
            .. Directory.EnumerateFiles(folder)
                .Where(static file => Path.GetExtension(file).ToUpperInvariant() is ".YAML" or ".YML")
                .Order(StringComparer.Ordinal)
                .SelectMany(Read),
        ];
    }

    /// <summary>The documents of one file. One that was whole before and is broken now counts as it was.</summary>
    public IReadOnlyList<ResourceDocument> Read(string file)
    {
        _broken.Clear();
        var documents = ReadNow(file);
        if (_broken.Count == 0)
        {
            _lastGood[file] = documents;
            return documents;
        }

        var known = _lastGood.TryGetValue(file, out var before);
        foreach (var (place, problem) in _broken)
        {
            if (known)
            {
                Log.LastGoodKept(log, place, problem);
            }
            else
            {
                Log.ResourceSkipped(log, place, problem, documents.Count == 0 ? "file" : "document");
            }
        }

        return before ?? documents;
    }

    private List<ResourceDocument> ReadNow(string file)
    {
        if (Text(file) is not { } text)
        {
            return [];
        }

        var documents = new List<ResourceDocument>();
        var parts = 0;
        foreach (var (line, part) in Split(text))
        {
            if (++parts > YamlLimits.Documents)
            {
                Broken(file, $"it holds more than {YamlLimits.Documents.ToString(CultureInfo.InvariantCulture)} documents");
                break;
            }

            if (Parse(file, line, part) is { } document)
            {
                documents.Add(document);
            }
        }

        return documents;
    }

    private static IEnumerable<(int Line, string Text)> Split(string text)
    {
        var lines = text.Split('\n');
        var start = 0;
        for (var line = 0; line <= lines.Length; line++)
        {
            if (line < lines.Length && lines[line].TrimEnd() is not "---")
            {
                continue;
            }

            yield return (start, string.Join('\n', lines[start..line]));
            start = line + 1;
        }
    }

    private string? Text(string file)
    {
        try
        {
            if (new FileInfo(file).Length > YamlLimits.FileBytes)
            {
                Broken(file, "it is larger than 1 MiB");
                return null;
            }

            return File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Broken(file, failure.Message);
            return null;
        }
    }

    private ResourceDocument? Parse(string file, int line, string text)
    {
        try
        {
            if (YamlLimits.Check(text) is { } problem)
            {
                Broken($"{file}:{(line + 1).ToString(CultureInfo.InvariantCulture)}", problem);
                return null;
            }

            // Empty lines in front, so that the nodes' own places are the file's.
            var stream = new YamlStream();
            stream.Load(new StringReader(new string('\n', line) + text));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is YamlScalarNode { Value: null or "" })
            {
                return null;
            }

            if (stream.Documents[0].RootNode is not YamlMappingNode node)
            {
                Broken($"{file}:{(line + 1).ToString(CultureInfo.InvariantCulture)}", "it is no mapping");
                return null;
            }

            var root = new YamlMap(node, file);
            var metadata = root.Map("metadata");
            return new ResourceDocument(root.Source, root.Text("apiVersion") ?? "", root.Text("kind") ?? "", metadata?.Text("name") ?? "",
                metadata?.Text("namespace") ?? "", root, text);
        }
        catch (YamlException failure)
        {
            // The limits are checked without the lines in front, the tree is built with them; whichever failed, the text begins at this line.
            var at = failure.Start.Line > line ? failure.Start.Line : failure.Start.Line + line;
            Broken($"{file}:{at.ToString(CultureInfo.InvariantCulture)}", failure.Message);
            return null;
        }
        catch (SidecarException failure)
        {
            Broken(file, failure.Message);
            return null;
        }
    }

    private void Broken(string place, string problem)
    {
        problem = problem.TrimEnd('.');
        _broken.Add((place, problem));
        FirstProblem ??= $"{place}: {problem}";
    }
}
