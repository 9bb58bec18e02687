namespace HmsMesh.Services.Tests.Payments;

/// <summary>One rig for tests that leave it as they found it.</summary>
public sealed class SharedRig : IAsyncLifetime
{
    internal PaymentsRig Rig { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Rig = await PaymentsRig.StartAsync();

    public ValueTask DisposeAsync() => Rig.DisposeAsync();
}
