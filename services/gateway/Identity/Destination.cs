namespace HmsMesh.Gateway.Identity;

/// <summary>On an endpoint: the one service that it is forwarded to, the path there, and what the caller must be allowed.</summary>
/// <param name="App">The service's app id.</param>
/// <param name="Path">Its path, with {id} where the route has one.</param>
/// <param name="Scope">Null: anyone may, and no token goes along.</param>
internal sealed record Destination(string App, string Path, string? Scope)
{
    /// <summary>An answer that goes on for as long as the caller listens.</summary>
    public bool IsStream { get; init; }

    /// <summary>How long the caller may take to send a body that is large; null: no longer than any request.</summary>
    public TimeSpan? SendLimit { get; init; }
}
