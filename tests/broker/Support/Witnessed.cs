namespace HmsMesh.Broker.Tests.Support;

/// <summary>Tests that watch the disk, of which a process has one witness: they run one after another.</summary>
[CollectionDefinition(Name)]
public static class Witnessed
{
    public const string Name = "witnessed";
}
