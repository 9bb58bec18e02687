namespace HmsMesh.Sidecar;

/// <summary>What daprd's flags and environment say, read once; nothing below reads them again.</summary>
public sealed record SidecarOptions
{
    public required string AppId { get; init; }

    /// <summary>0 takes a free port.</summary>
    public int HttpPort { get; init; } = 3500;

    /// <summary>NAMESPACE: resources of another namespace are left out. Null: none is left out.</summary>
    public string? Namespace { get; init; }

    /// <summary>A folder: the API listens on the socket dapr-ID-http.socket in it, and on no port.</summary>
    public string? UnixDomainSocket { get; init; }

    /// <summary>Loopback unless told otherwise.</summary>
    public IReadOnlyList<string> ListenAddresses { get; init; } = ["127.0.0.1"];

    /// <summary>Where sidecars of other processes call this one's app; 0 takes a free port.</summary>
    public int InternalPort { get; init; }

    /// <summary>Loopback where empty.</summary>
    public string InternalListenAddress { get; init; } = "";

    /// <summary>Null: no app.</summary>
    public int? AppPort { get; init; }

    public string AppChannelAddress { get; init; } = "127.0.0.1";

    public string AppProtocol { get; init; } = "http";

    public int AppMaxConcurrency { get; init; } = -1;

    public IReadOnlyList<string> ResourcesPaths { get; init; } = [];

    public IReadOnlyList<string> ConfigPaths { get; init; } = [];

    public long MaxBodySize { get; init; } = 4 << 20;

    public int ReadBufferSize { get; init; } = 4 << 10;

    public TimeSpan GracefulShutdown { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan BlockShutdown { get; init; }

    public AppHealthOptions? AppHealth { get; init; }

    /// <summary>DAPR_API_TOKEN: what a caller of the sidecar must show.</summary>
    public string? ApiToken { get; init; }

    /// <summary>APP_API_TOKEN: what the sidecar shows to the app.</summary>
    public string? AppToken { get; init; }

    /// <summary>The environment that secretstores.local.env and <c>${...}</c> see; in a shared process each sidecar has its own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where components whose metadata name no path keep their data (.mesh in the working folder).</summary>
    public string DataPath { get; init; } = ".mesh";

    /// <summary>Whether sidecars find each other in the data folder whatever the Configuration names: so two meshes side by side stay apart.</summary>
    public bool NamesInData { get; init; }

    /// <summary>Which of the app's initialization endpoints aren't asked: config, subscribe.</summary>
    public IReadOnlyList<string> DisabledInitEndpoints { get; init; } = [];

    public string LogLevel { get; init; } = "info";

    public bool LogAsJson { get; init; }

    public bool EnableApiLogging { get; init; }

    /// <summary>Whether what is broken in a resource file keeps the sidecar from starting. daprd leaves such a document out, and so
    /// does a sidecar by itself; in a mesh a service would then be healthy and hear nothing.</summary>
    public bool RefuseBrokenResources { get; init; }

    /// <summary>Flags that were given and mean nothing here; named once in the log.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
}
