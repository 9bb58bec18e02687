using HmsMesh.Kit;

namespace HmsMesh.Testing.Hosting;

/// <summary>A service written in place.</summary>
internal sealed record MeshLambda(string AppId, Action<MeshService> Configure);
