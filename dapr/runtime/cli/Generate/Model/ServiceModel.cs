namespace HmsMesh.Cli.Generate.Model;

/// <summary>What a service's asyncapi.yaml says about it.</summary>
/// <param name="AppPort">Where `dapr run` finds the app; `mesh up` gives ports of its own.</param>
internal sealed record ServiceModel(
    string AppId, int AppPort, int DaprHttpPort, IReadOnlyList<Said> Says, IReadOnlyList<Heard> Hears, Source Source)
{
    public string DeadLetterTopic => TopicName.DeadLetterOf(AppId);
}
