using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Dapr;

/// <summary>Takes the envelope off a CloudEvent, so that the endpoint sees its data as the body.</summary>
internal sealed class CloudEventsMiddleware(RequestDelegate next, CloudEventsMiddlewareOptions options)
{
    private const string CloudEventType = "application/cloudevents+json";

    // What is the body, or comes to the app as a header of its own.
    private static readonly string[] NeverForwarded = ["data", "data_base64", "datacontenttype", "pubsubname", "traceparent"];

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(CloudEventType, StringComparison.OrdinalIgnoreCase))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        JsonElement envelope;
        try
        {
            envelope = await ReadAsync(request.Body, type.Encoding ?? Encoding.UTF8, context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (envelope.ValueKind != JsonValueKind.Object || !TryUnwrap(envelope, out var body, out var contentType))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        Forward(request, envelope);
        await RunAsync(context, body, contentType).ConfigureAwait(false);
    }

    private static async Task<JsonElement> ReadAsync(Stream body, Encoding encoding, CancellationToken cancellationToken)
    {
        var utf8 = encoding.CodePage == Encoding.UTF8.CodePage ? body : Encoding.CreateTranscodingStream(body, encoding, Encoding.UTF8, leaveOpen: true);
        using var document = await JsonDocument.ParseAsync(utf8, cancellationToken: cancellationToken).ConfigureAwait(false);
        return document.RootElement.Clone();
    }

    /// <summary>False where the envelope holds its data in both forms, or in none that can be read.</summary>
    private bool TryUnwrap(JsonElement envelope, out byte[] body, out string? contentType)
    {
        var hasData = Find(envelope, "data", out var data);
        var hasBytes = Find(envelope, "data_base64", out var bytes);
        body = [];
        contentType = hasData || hasBytes ? DataType(envelope, out _) : null;
        if (hasData && hasBytes)
        {
            return false;
        }

        if (hasBytes)
        {
            var readable = bytes.ValueKind == JsonValueKind.String && bytes.TryGetBytesFromBase64(out _);
            body = readable ? bytes.GetBytesFromBase64() : [];
            return readable;
        }

        if (hasData)
        {
            _ = DataType(envelope, out var isJson);
            body = isJson || data.ValueKind != JsonValueKind.String || options.SuppressJsonDecodingOfTextPayloads
                ? JsonSerializer.SerializeToUtf8Bytes(data)
                : Encoding.UTF8.GetBytes(data.GetString()!);
        }

        return true;
    }

    private async Task RunAsync(HttpContext context, byte[] body, string? contentType)
    {
        var (original, originalType) = (context.Request.Body, context.Request.ContentType);
        using var replacement = new MemoryStream(body, writable: false);
        try
        {
            context.Request.Body = replacement;
            context.Request.ContentType = contentType;
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.Request.Body = original;
            context.Request.ContentType = originalType;
        }
    }

    private void Forward(HttpRequest request, JsonElement envelope)
    {
        if (!options.ForwardCloudEventPropertiesAsHeaders)
        {
            return;
        }

        foreach (var attribute in envelope.EnumerateObject().Where(a => IsForwarded(a.Name)))
        {
            var value = attribute.Value.ValueKind == JsonValueKind.String ? attribute.Value.GetString() : attribute.Value.GetRawText();
            request.Headers.TryAdd($"Cloudevent.{attribute.Name.ToLowerInvariant()}", value);
        }
    }

    private bool IsForwarded(string name)
    {
        if (NeverForwarded.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        return options.IncludedCloudEventPropertiesAsHeaders is { } included ? included.Contains(name, StringComparer.OrdinalIgnoreCase)
            : options.ExcludedCloudEventPropertiesFromHeaders is not { } excluded || !excluded.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    // Without a type the data are JSON. The body is written as UTF-8, whatever the type says.
    private static string DataType(JsonElement envelope, out bool isJson)
    {
        isJson = true;
        if (!Find(envelope, "datacontenttype", out var given) || given.ValueKind != JsonValueKind.String || !MediaTypeHeaderValue.TryParse(given.GetString(), out var type))
        {
            return MediaTypeNames.Application.Json;
        }

        isJson = type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);
        if (!type.Charset.HasValue)
        {
            return given.GetString()!;
        }

        type.Charset = default;
        return type.ToString();
    }

    private static bool Find(JsonElement envelope, string name, out JsonElement value)
    {
        var found = envelope.EnumerateObject().Where(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(a => (JsonElement?)a.Value).FirstOrDefault();
        value = found ?? default;
        return found is not null;
    }
}
