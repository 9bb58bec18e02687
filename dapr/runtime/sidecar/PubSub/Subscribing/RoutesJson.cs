namespace HmsMesh.Sidecar.PubSub.Subscribing;

internal sealed class RoutesJson
{
    public RuleJson?[]? Rules { get; set; }

    public string? Default { get; set; }
}
