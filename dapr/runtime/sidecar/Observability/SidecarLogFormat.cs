using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HmsMesh.Sidecar.Hosting;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Observability;

/// <summary>A log line as daprd writes it: time, level, msg, app_id, scope.</summary>
public static class SidecarLogFormat
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(" =\"\\\t\r\n");
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>daprd's word of a level.</summary>
    public static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    /// <summary>The least level of --log-level.</summary>
    public static LogLevel Level(string word) => word.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.Debug,
        "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" => LogLevel.Critical,
        _ => LogLevel.Information,
    };

    public static string Text(DateTimeOffset time, LogLevel level, string category, string message, Exception? failure)
    {
        var (scope, appId) = SidecarLogCategory.Split(category);
        var line = new StringBuilder(160);
        line.Append("time=\"").Append(Stamp(time)).Append("\" level=").Append(Word(level)).Append(" msg=");
        Quote(line, failure is null ? message : $"{message}: {failure}");
        line.Append(" app_id=");
        Quote(line, appId);
        return line.Append(" scope=").Append(scope).Append(" type=log").ToString();
    }

    public static string Json(DateTimeOffset time, LogLevel level, string category, string message, Exception? failure)
    {
        var (scope, appId) = SidecarLogCategory.Split(category);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("app_id"u8, appId);
            json.WriteString("level"u8, Word(level));
            json.WriteString("msg"u8, failure is null ? message : $"{message}: {failure}");
            json.WriteString("scope"u8, scope);
            json.WriteString("time"u8, Stamp(time));
            json.WriteString("type"u8, "log"u8);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    private static void Quote(StringBuilder line, string text)
    {
        if (text.Length > 0 && !text.AsSpan().ContainsAny(Quoted))
        {
            line.Append(text);
            return;
        }

        line.Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)).Append('"');
    }
}
