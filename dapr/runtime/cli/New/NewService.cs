using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.New;

/// <summary>What a new service is called and does, checked.</summary>
internal sealed record NewService
{
    public required string AppId { get; init; }

    public required int AppPort { get; init; }

    public required int DaprHttpPort { get; init; }

    public required IReadOnlyList<NewEvent> Hears { get; init; }

    public required NewEvent Says { get; init; }

    public string Namespace => "HmsMesh." + Words.Pascal(AppId);

    public string ProjectName => Namespace;

    public string TestProjectName => Namespace + ".Tests";

    public string Path => $"services/{AppId}";
}
