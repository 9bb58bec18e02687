namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>A field of a CloudEvent by its place in the body.</summary>
/// <param name="Text">Its value, of those that a broker needs and that are texts.</param>
internal readonly record struct CloudEventField(string Name, int Start, int Length, string? Text, bool IsNull)
{
    public static bool IsKnown(string name) => name is "id" or "source" or "subject";
}
