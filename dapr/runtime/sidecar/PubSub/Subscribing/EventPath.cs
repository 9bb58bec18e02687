namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <param name="Path">As the subscription names it.</param>
/// <param name="Address">Where it is at the app.</param>
internal sealed record EventPath(string Path, Uri Address);
