namespace HmsMesh.Cli.RunFile;

/// <summary>The fields that `dapr run -f` takes.</summary>
internal static class RunFileFields
{
    public static readonly string[] Top = ["version", "common", "apps"];

    /// <summary>Fields that may stand in `common` and in an app.</summary>
    public static readonly string[] Shared =
    [
        "configFilePath", "appProtocol", "apiListenAddresses", "enableProfiling", "logLevel", "appMaxConcurrency",
        "placementHostAddress", "schedulerHostAddress", "resourcesPath", "resourcesPaths", "appSSL", "maxBodySize", "readBufferSize",
        "daprHTTPMaxRequestSize", "daprHTTPReadBufferSize", "enableAppHealthCheck", "appHealthCheckPath", "appHealthProbeInterval",
        "appHealthProbeTimeout", "appHealthThreshold", "enableApiLogging", "runtimePath", "env", "daprdLogDestination",
        "appLogDestination", "unixDomainSocket", "daprdInstallPath",
    ];

    public static readonly string[] App =
    [
        "appID", "appDirPath", "appPort", "appChannelAddress", "command", "daprHTTPPort", "daprGRPCPort", "daprInternalGRPCPort",
        "profilePort", "metricsPort", "containerImage", "containerImagePullPolicy", "createService", .. Shared,
    ];
}
