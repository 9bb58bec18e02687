using HmsMesh.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Testing.Hosting;

/// <summary>Where a service lives, and what it shares with the test.</summary>
internal sealed record ServiceSettings(
    string AppId, int AppPort, int DaprPort, string ApiToken, string AppToken, string DataPath, string? Database, IMeshObserver Observer, ILoggerProvider Log)
{
    /// <summary>What the test sets beside it.</summary>
    public IReadOnlyDictionary<string, string> Own { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What `mesh up` gives by environment.</summary>
    public IReadOnlyDictionary<string, string> All() => new Dictionary<string, string>(Own, StringComparer.Ordinal)
    {
        ["APP_ID"] = AppId,
        ["APP_PORT"] = Text(AppPort),
        ["DAPR_HTTP_PORT"] = Text(DaprPort),
        ["DAPR_HTTP_ENDPOINT"] = $"http://127.0.0.1:{Text(DaprPort)}",
        ["DAPR_API_TOKEN"] = ApiToken,
        ["APP_API_TOKEN"] = AppToken,
        ["MESH_DATA"] = DataPath,
        ["ConnectionStrings:Database"] = Database ?? "",
    };

    /// <summary>Lets the test see what is handled, and keeps the log out of its output.</summary>
    public void Observe(IServiceCollection services)
    {
        services.AddSingleton(Observer);
        services.AddLogging(logging => logging.ClearProviders().AddProvider(Log));
    }

    private static string Text(int port) => port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
