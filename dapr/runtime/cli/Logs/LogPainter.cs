using System.Text;

namespace HmsMesh.Cli.Logs;

/// <summary>Shows lines: one colour a service, the sidecar's dimmed; no colour where the output is no terminal.</summary>
internal sealed class LogPainter(TextWriter output, bool colour, int width)
{
    private static readonly int[] Colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94, 91];

    /// <summary>The mesh's own names stand beside those of services.</summary>
    private const int Narrowest = 6;

    private readonly Dictionary<string, int> _colours = [];
    private readonly int _width = Math.Max(width, Narrowest);

    public void Write(LogLine line)
    {
        var name = line.Service.PadRight(_width);
        var source = line.Source switch { LogSource.Sidecar => "dapr", LogSource.Mesh => "mesh", _ => "app " };
        var text = Printable(line.Text);
        try
        {
            output.WriteLine(colour
                ? $"\e[{ColourOf(line.Service)}m{name}\e[0m \e[2m{source} |{(line.Source is LogSource.App ? "\e[0m" : "")} {text}\e[0m"
                : $"{name} {source} | {text}");
        }
        catch (IOException)
        {
            // The terminal is gone; the lines are in the files.
        }
    }

    private int ColourOf(string service)
    {
        if (!_colours.TryGetValue(service, out var at))
            _colours[service] = at = Colours[_colours.Count % Colours.Length];
        return at;
    }

    /// <summary>What a service prints must not steer the terminal.</summary>
    private static string Printable(string text)
    {
        if (!text.Any(letter => char.IsControl(letter) && letter != '\t'))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var letter in text)
            clean.Append(char.IsControl(letter) && letter != '\t' ? '·' : letter);
        return clean.ToString();
    }
}
