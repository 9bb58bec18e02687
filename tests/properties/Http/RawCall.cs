namespace HmsMesh.Properties.Tests.Http;

/// <summary>Bytes that are sent to a port in pieces, and whether the sender ends its side then.</summary>
internal sealed record RawCall(IReadOnlyList<byte[]> Pieces, bool Closes)
{
    public override string ToString() =>
        $"{(Closes ? "then closed" : "left open")}: {string.Join(" | ", Pieces.Select(static one => System.Text.Json.JsonSerializer.Serialize(System.Text.Encoding.Latin1.GetString(one[..Math.Min(one.Length, 400)]))))}";
}
