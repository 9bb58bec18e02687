using HmsMesh.Cli.RunFile;

namespace HmsMesh.Cli.Supervision;

/// <summary>All that is needed to run one service and its sidecar, settled before anything starts.</summary>
internal sealed record ServicePlan
{
    public required RunApp App { get; init; }

    public required int AppPort { get; init; }

    public required int SidecarPort { get; init; }

    public required string ApiToken { get; init; }

    public required string AppToken { get; init; }

    /// <summary>The service's data folder.</summary>
    public required string Data { get; init; }

    /// <summary>Where its page begins, if it has one.</summary>
    public string? Page { get; init; }

    public string Name => App.AppId;

    public string Address => $"http://127.0.0.1:{AppPort}";

    /// <summary>What the service finds in its environment besides this process's own.</summary>
    public IReadOnlyDictionary<string, string> Environment() => new Dictionary<string, string>(App.Environment)
    {
        ["APP_ID"] = Name,
        ["APP_PORT"] = Text(AppPort),
        ["DAPR_HTTP_PORT"] = Text(SidecarPort),
        ["DAPR_HTTP_ENDPOINT"] = $"http://127.0.0.1:{Text(SidecarPort)}",
        ["DAPR_API_TOKEN"] = ApiToken,
        ["APP_API_TOKEN"] = AppToken,
        ["MESH_DATA"] = Data,
    };

    private static string Text(int port) => port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
