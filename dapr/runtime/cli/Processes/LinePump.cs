using System.Text;

namespace HmsMesh.Cli.Processes;

/// <summary>Cuts what a child prints into lines; one that never ends is cut at a limit.</summary>
internal static class LinePump
{
    public const int LongestLine = 16 * 1024;

    public static async Task RunAsync(TextReader reader, Action<string> line)
    {
        var buffer = new char[4096];
        var text = new StringBuilder();
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            foreach (var letter in buffer.AsSpan(0, read))
            {
                if (letter != '\n')
                    text.Append(letter);
                if (letter == '\n' || text.Length >= LongestLine)
                    Flush(text, line);
            }
        }

        if (text.Length > 0)
            Flush(text, line);
    }

    private static void Flush(StringBuilder text, Action<string> line)
    {
        if (text.Length > 0 && text[^1] == '\r')
            text.Length--;
        line(text.ToString());
        text.Clear();
    }
}
