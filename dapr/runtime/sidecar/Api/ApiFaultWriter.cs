using System.Buffers;
using System.Text.Json;

namespace HmsMesh.Sidecar.Api;

/// <summary>The JSON of an error: errorCode, message, and google.rpc details where there are any.</summary>
internal static class ApiFaultWriter
{
    public static ReadOnlyMemory<byte> Write(ApiFault fault)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, JsonFormat.Relaxed);
        json.WriteStartObject();
        json.WriteString("errorCode"u8, fault.ErrorCode);
        json.WriteString("message"u8, fault.Message);
        if (fault.Reason is not null)
        {
            json.WriteStartArray("details"u8);
            if (fault.FieldViolation is { } violation)
            {
                json.WriteStartObject();
                json.WriteString("@type"u8, "type.googleapis.com/google.rpc.BadRequest"u8);
                json.WriteStartArray("field_violations"u8);
                json.WriteStartObject();
                json.WriteString("field"u8, violation.Field);
                json.WriteString("description"u8, violation.Description);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
            }

            WriteErrorInfo(json, fault);
            if (fault.Resource is { } resource)
            {
                json.WriteStartObject();
                json.WriteString("@type"u8, "type.googleapis.com/google.rpc.ResourceInfo"u8);
                json.WriteString("resource_type"u8, resource.Type);
                json.WriteString("resource_name"u8, resource.Name);
                json.WriteString("owner"u8, ""u8);
                json.WriteString("description"u8, fault.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteErrorInfo(Utf8JsonWriter json, ApiFault fault)
    {
        json.WriteStartObject();
        json.WriteString("@type"u8, "type.googleapis.com/google.rpc.ErrorInfo"u8);
        json.WriteString("reason"u8, fault.Reason);
        json.WriteString("domain"u8, "dapr.io"u8);
        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in fault.Metadata ?? new Dictionary<string, string>())
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
