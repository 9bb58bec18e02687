namespace HmsMesh.Cli.Generate.Model;

/// <summary>A topic that a service says.</summary>
/// <param name="Contract">Its schema's file, relative to the clone's root.</param>
internal sealed record Said(string Topic, string Contract, Source Source);
