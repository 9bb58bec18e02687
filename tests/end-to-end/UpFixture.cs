using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

/// <summary>One mesh with all services for the tests of a class.</summary>
public sealed class UpFixture : IAsyncLifetime
{
    internal Mesh Mesh { get; } = new();

    public async ValueTask InitializeAsync() => await Mesh.UpAsync();

    public ValueTask DisposeAsync() => Mesh.DisposeAsync();
}
