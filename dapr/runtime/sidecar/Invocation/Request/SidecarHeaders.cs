namespace HmsMesh.Sidecar.Invocation.Request;

/// <summary>What sidecars say to each other beside a call. No app sees these, and none can send them.</summary>
internal static class SidecarHeaders
{
    public const string Prefix = "hms-mesh-";

    /// <summary>Proves that the caller may read the folder of the names.</summary>
    public const string Token = "hms-mesh-token";

    /// <summary>Whom the call is for; another sidecar may have the port by now.</summary>
    public const string App = "hms-mesh-app";

    /// <summary>On an answer that is no app's: what went wrong; the body says it in words.</summary>
    public const string Fault = "hms-mesh-fault";
}
