namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>What an envelope is made of.</summary>
/// <param name="Data">The body as it came.</param>
/// <param name="ContentType">Empty: none was given.</param>
/// <param name="Source">The app that publishes.</param>
/// <param name="TraceParent">Empty where the publish is of no trace.</param>
internal readonly record struct EnvelopeRequest(
    ReadOnlyMemory<byte> Data,
    string ContentType,
    string Source,
    string PubSub,
    string Topic,
    string TraceParent,
    string TraceState,
    IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset Now);
