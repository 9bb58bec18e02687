using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

/// <summary>One mesh with the services of the capacity spike for the tests of a class.</summary>
public sealed class UpFixture : IAsyncLifetime
{
    internal Mesh Mesh { get; } = new();

    public async ValueTask InitializeAsync() => await Mesh.UpAsync(Mesh.Afrh);

    public ValueTask DisposeAsync() => Mesh.DisposeAsync();
}
