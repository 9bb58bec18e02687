using HmsMesh.Contracts;

namespace HmsMesh.Testing.Journal;

/// <summary>An event that a service said and its sidecar accepted.</summary>
internal sealed record Saying(string AppId, CloudEvent Event);
