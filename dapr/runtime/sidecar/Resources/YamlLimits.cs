using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HmsMesh.Sidecar.Resources;

/// <summary>What a resource file may cost. Checked on the event stream, before a tree is built: depth would overflow the stack there, and
/// aliases of aliases grow without bound.</summary>
internal static class YamlLimits
{
    public const int FileBytes = 1 << 20;
    public const int Documents = 1_000;
    private const int Depth = 64;
    private const int Nodes = 100_000;

    /// <summary>What is wrong with the text; null: nothing. Throws <see cref="YamlException"/> where it isn't YAML.</summary>
    public static string? Check(string text)
    {
        var scanner = new Scanner(new StringReader(text));
        try
        {
            return Check(new Parser(scanner));
        }
        catch (InvalidOperationException failure)
        {
            // What the scanner throws at some faults instead of its own exception.
            throw new YamlException(scanner.CurrentPosition, scanner.CurrentPosition, "it is no YAML", failure);
        }
    }

    private static string? Check(Parser parser)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        var open = new Stack<(string? Anchor, long Before)>();
        var nodes = 0L;
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case AnchorAlias alias:
                    if (!sizes.TryGetValue(alias.Value.Value, out var size))
                    {
                        return Place(alias, $"the alias *{alias.Value.Value} names nothing above it");
                    }

                    nodes += size;
                    break;
                case Scalar scalar:
                    nodes++;
                    Remember(sizes, scalar, 1);
                    break;
                case MappingStart or SequenceStart:
                    nodes++;
                    var start = (NodeEvent)parser.Current;
                    open.Push((start.Anchor.IsEmpty ? null : start.Anchor.Value, nodes - 1));
                    if (open.Count > Depth)
                    {
                        return Place(start, $"it is nested deeper than {Depth.ToString(CultureInfo.InvariantCulture)} levels");
                    }

                    break;
                case MappingEnd or SequenceEnd:
                    var (anchor, before) = open.Pop();
                    if (anchor is not null)
                    {
                        sizes[anchor] = nodes - before;
                    }

                    break;
                default:
                    break;
            }

            if (nodes > Nodes)
            {
                return $"it holds more than {Nodes.ToString(CultureInfo.InvariantCulture)} values, aliases written out";
            }
        }

        return null;
    }

    private static void Remember(Dictionary<string, long> sizes, Scalar scalar, long size)
    {
        if (!scalar.Anchor.IsEmpty)
        {
            sizes[scalar.Anchor.Value] = size;
        }
    }

    private static string Place(ParsingEvent at, string problem) => $"{problem} (line {at.Start.Line.ToString(CultureInfo.InvariantCulture)})";
}
