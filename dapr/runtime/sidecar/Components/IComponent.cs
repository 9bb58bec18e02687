namespace HmsMesh.Sidecar.Components;

/// <summary>A building block's implementation, made from a Component resource and ready when its factory returns.</summary>
public interface IComponent : IAsyncDisposable
{
    /// <summary>As GET /v1.0/metadata lists them.</summary>
    IReadOnlyList<string> Capabilities { get; }
}
