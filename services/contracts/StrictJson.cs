using System.Text.Json;

namespace HmsMesh.Contracts;

/// <summary>Reads JSON as RFC 8259 has it: no comments, no trailing commas or text, no key twice, no single quotes.</summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = ContractLimits.Depth,
    };

    /// <summary>Null when the text was read; else why not.</summary>
    public static ContractFault? Parse(ReadOnlyMemory<byte> text, int limit, out JsonElement element)
    {
        element = default;
        if (text.Length > limit)
        {
            return TooLarge(text.Length, limit);
        }

        try
        {
            using var document = JsonDocument.Parse(text, Options);
            element = document.RootElement.Clone();
            return null;
        }
        catch (JsonException e)
        {
            return new ContractFault("", Describe(e));
        }
        catch (InvalidOperationException)
        {
            // Of a name it shows here already, as names are compared with each other.
            return NoText;
        }
    }

    /// <summary>JSON can spell half of a character ("\ud800"), which is no text; it shows when the text is read.</summary>
    internal static ContractFault NoText { get; } = new("", "holds half of a surrogate pair, which is no character");

    /// <summary>JSON knows numbers of any size, and hardly any reader of it does.</summary>
    internal static ContractFault NoNumber { get; } = new("", "holds a number that is larger than 1.8e308");

    internal static ContractFault TooLarge(int bytes, int limit) =>
        new("", $"{bytes} bytes are over the limit of {limit}: put the content into the document service and send its URL");

    private static string Describe(JsonException e)
    {
        // The runtime's message ends with its own position and may name an API's option: the first sentence is what helps.
        var message = e.Message;
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = position < 0 ? message : message[..position];
        return e.LineNumber is { } line ? $"not JSON at line {line + 1}, byte {e.BytePositionInLine + 1}: {reason}" : $"not JSON: {reason}";
    }
}
