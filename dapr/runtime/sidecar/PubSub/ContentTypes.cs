namespace HmsMesh.Sidecar.PubSub;

/// <summary>How a content type decides the form of an event's data: the type before a semicolon, in any case.</summary>
internal static class ContentTypes
{
    public const string CloudEvent = "application/cloudevents+json";
    public const string Json = "application/json";
    public const string Binary = "application/octet-stream";
    public const string Text = "text/plain";

    public static bool IsCloudEvent(ReadOnlySpan<char> type) => Is(type, CloudEvent);

    public static bool IsJson(ReadOnlySpan<char> type) => Is(type, Json);

    /// <summary>Data that an envelope carries as data_base64.</summary>
    public static bool IsBinary(ReadOnlySpan<char> type) => Is(type, Binary) || Is(type, "application/cloudevents+protobuf");

    public static bool IsText(ReadOnlySpan<char> type) => type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || Is(type, "application/xml");

    private static bool Is(ReadOnlySpan<char> type, string expected)
    {
        var semicolon = type.IndexOf(';');
        return (semicolon < 0 ? type : type[..semicolon]).Equals(expected, StringComparison.OrdinalIgnoreCase);
    }
}
