using System.Globalization;

namespace HmsMesh.Cli.Logs;

/// <summary>A service's log on disk: at its limit it becomes FILE.1, and the FILE.1 before it goes.</summary>
internal sealed class LogFile(string path, long limit = LogFile.Limit) : IDisposable
{
    public const long Limit = 8 << 20;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private StreamWriter? _writer;
    private bool _broken;

    public static string Format(LogLine line) =>
        $"{line.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)} {line.Source.ToString().ToLowerInvariant()} {line.Text}";

    /// <summary>The line as <see cref="Format"/> wrote it; null where it is none.</summary>
    public static LogLine? Parse(string service, string text)
    {
        var parts = text.Split(' ', 3);
        return parts.Length == 3
            && DateTimeOffset.TryParseExact(parts[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && Enum.TryParse<LogSource>(parts[1], ignoreCase: true, out var source)
            ? new LogLine(time, service, source, parts[2])
            : null;
    }

    public void Write(LogLine line)
    {
        if (_broken)
            return;
        try
        {
            _writer ??= new StreamWriter(path, append: true);
            _writer.WriteLine(Format(line));
        }
        catch (IOException)
        {
            GiveUp();
        }
    }

    public void Flush()
    {
        if (_writer is null)
            return;
        try
        {
            _writer.Flush();
            if (_writer.BaseStream.Length < limit)
                return;
            _writer.Dispose();
            _writer = null;
            File.Move(path, path + ".1", overwrite: true);
        }
        catch (IOException)
        {
            GiveUp();
        }
    }

    public void Dispose()
    {
        Flush();
        try
        {
            _writer?.Dispose();
        }
        catch (IOException)
        {
            // A full disk loses log lines, never the mesh.
        }

        _writer = null;
    }

    /// <summary>A full disk must not stop the mesh: the log is tried again when lines come after the next start.</summary>
    private void GiveUp()
    {
        _broken = true;
        try
        {
            _writer?.Dispose();
        }
        catch (IOException)
        {
            // Nothing can be written here.
        }

        _writer = null;
    }
}
