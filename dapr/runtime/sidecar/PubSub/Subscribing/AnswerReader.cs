using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Sidecar.AppChannel;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>
/// What an app means by its answer to an event: 2xx is success unless a JSON status says RETRY or DROP (an unknown word is tried
/// again; what is no JSON is success), 404 is a drop, and everything else, redirects too, is tried again.
/// </summary>
internal static class AnswerReader
{
    public static AppOutcome Read(in AppAnswer answer)
    {
        if (answer.Status == 404)
        {
            return new(VerdictKind.Dropped, "the app answered 404");
        }

        if (!answer.Succeeded)
        {
            return new(VerdictKind.Failed, $"the app answered {answer.Status}", answer.Status);
        }

        return Status(answer.Body.Span) switch
        {
            "" or "SUCCESS" => answer.Already ? AppOutcome.AlreadyHandled : AppOutcome.Handled,
            "RETRY" => new(VerdictKind.Failed, "the app answered RETRY"),
            "DROP" => new(VerdictKind.Dropped, "the app answered DROP"),
            _ => new(VerdictKind.Failed, "the app answered a status that is none of SUCCESS, RETRY and DROP"),
        };
    }

    /// <summary>The statuses of a bulk answer by entry id; null where it is no such answer.</summary>
    public static Dictionary<string, AppOutcome>? ReadBulk(ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            using var document = JsonDocument.ParseValue(ref reader);
            var outcomes = new Dictionary<string, AppOutcome>(StringComparer.Ordinal);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return document.RootElement.ValueKind == JsonValueKind.Null ? outcomes : null;
            }

            var statuses = document.RootElement.EnumerateObject()
                .LastOrDefault(property => string.Equals(property.Name, "statuses", StringComparison.OrdinalIgnoreCase));
            Add(outcomes, statuses.Value);

            return outcomes;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Add(Dictionary<string, AppOutcome> outcomes, JsonElement statuses)
    {
        if (statuses.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return;
        }

        foreach (var status in statuses.EnumerateArray())
        {
            var id = status.TryGetProperty("entryId", out var entry) ? entry.GetString() : null;
            if (id is null)
            {
                continue;
            }

            outcomes[id] = (status.TryGetProperty("status", out var word) ? word.GetString() : null) switch
            {
                "SUCCESS" => AppOutcome.Handled,
                "DROP" => new(VerdictKind.Dropped, "the app answered DROP"),
                null or "" or "RETRY" => new(VerdictKind.Failed, "the app answered RETRY"),
                _ => new(VerdictKind.Failed, "the app answered a status that is none of SUCCESS, RETRY and DROP"),
            };
        }
    }

    /// <summary>The status word; empty where there is none or the body is no JSON object with a text there.</summary>
    private static string Status(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return "";
        }

        var reader = new Utf8JsonReader(body, new() { AllowMultipleValues = true });
        var status = "";
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return "";
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isStatus = reader.ValueTextEquals("status"u8)
                    || (reader.ValueSpan.Length == 6 && string.Equals(reader.GetString(), "status", StringComparison.OrdinalIgnoreCase));
                reader.Read();
                if (!isStatus)
                {
                    reader.Skip();
                }
                else if (reader.TokenType == JsonTokenType.String)
                {
                    status = reader.GetString()!;
                }
                else if (reader.TokenType != JsonTokenType.Null)
                {
                    return "";
                }
            }

            return reader.TokenType == JsonTokenType.EndObject ? status : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
