namespace HmsMesh.Sidecar.Hosting;

/// <summary>The categories of a sidecar's log lines: scope and app id, so that a process with many sidecars tells them apart.</summary>
public static class SidecarLogCategory
{
    public static string Of(string scope, string appId) => $"{scope}/{appId}";

    /// <summary>Takes a category apart; the app id is empty where it isn't a sidecar's.</summary>
    public static (string Scope, string AppId) Split(string category)
    {
        var slash = category.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (category, "") : (category[..slash], category[(slash + 1)..]);
    }
}
