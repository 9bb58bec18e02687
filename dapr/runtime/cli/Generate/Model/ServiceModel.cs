namespace HmsMesh.Cli.Generate.Model;

/// <summary>What a service's asyncapi.yaml says about it.</summary>
/// <param name="AppPort">Where `dapr run` finds the app; `mesh up` gives ports of its own.</param>
internal sealed record ServiceModel(
    string AppId, int AppPort, int DaprHttpPort, IReadOnlyList<Said> Says, IReadOnlyList<Heard> Hears, Source Source)
{
    /// <summary>What its process finds in its environment; an address of another app's port is that of `dapr run`.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What starts it in its folder; a C# service's own binary where nothing is said.</summary>
    public IReadOnlyList<string> Command { get; init; } = [$"./bin/{AppId}"];

    /// <summary>Secrets that `mesh up` makes where they are missing.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The apps that it calls by its sidecar.</summary>
    public IReadOnlyList<string> Calls { get; init; } = [];

    /// <summary>It is called by its address, as an HTTPEndpoint: to its callers it lies outside the mesh.</summary>
    public bool IsOutside { get; init; }

    /// <summary>By its path in the clone, such as services/claims.</summary>
    public string Folder => FolderOf(Source);

    public string DeadLetterTopic => TopicName.DeadLetterOf(AppId);

    /// <summary>The folder of the service whose asyncapi.yaml this is part of.</summary>
    public static string FolderOf(Source source) => source.File[..source.File.LastIndexOf('/')];
}
