using HmsMesh.Cli.RunFile;

namespace HmsMesh.Cli.Supervision;

/// <summary>All that is needed to run one instance of a service, settled before it starts.</summary>
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

    /// <summary>Which of the service's instances it is, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>Its process is started by somebody else, such as a debugger.</summary>
    public bool External { get; init; }

    /// <summary>Where that process's environment is written down.</summary>
    public string? EnvironmentFile { get; init; }

    /// <summary>Where the other apps are in this mesh.</summary>
    public AddressBook Addresses { get; init; } = AddressBook.Empty;

    public string Name => App.AppId;

    /// <summary>What tells it from the service's other instances: staffing, staffing#2.</summary>
    public string Label => LabelOf(Name, Number);

    public string Address => $"http://127.0.0.1:{AppPort}";

    /// <summary>What the service finds in its environment besides this process's own.</summary>
    public IReadOnlyDictionary<string, string> Environment() => new Dictionary<string, string>(App.Environment.Select(one => KeyValuePair.Create(one.Key, Addresses.Translate(one.Value))))
    {
        ["APP_ID"] = Name,
        ["APP_PORT"] = Text(AppPort),
        ["DAPR_HTTP_PORT"] = Text(SidecarPort),
        ["DAPR_HTTP_ENDPOINT"] = $"http://127.0.0.1:{Text(SidecarPort)}",
        ["DAPR_API_TOKEN"] = ApiToken,
        ["APP_API_TOKEN"] = AppToken,
        ["MESH_DATA"] = Data,
    };

    public static string LabelOf(string service, int number) => number == 1 ? service : service + "#" + Text(number);

    private static string Text(int port) => port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
