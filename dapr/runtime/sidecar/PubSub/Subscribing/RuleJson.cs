namespace HmsMesh.Sidecar.PubSub.Subscribing;

internal sealed class RuleJson
{
    public string? Match { get; set; }

    public string? Path { get; set; }
}
