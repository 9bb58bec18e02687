using HmsMesh.Journey.Stream;

namespace HmsMesh.Services.Tests.Journey;

public class StreamGateTests
{
    private readonly StreamGate _gate = new(new StreamOptions { MostStreams = 2 });

    [Fact]
    public void Enter_WhenAllPlacesAreTaken_IsRefusedUntilOneLeaves()
    {
        using var first = _gate.Enter();
        var second = _gate.Enter().ShouldNotBeNull();
        _gate.Enter().ShouldBeNull();

        second.Dispose();

        using var third = _gate.Enter().ShouldNotBeNull();
        _gate.Open.ShouldBe(2);
    }

    [Fact]
    public void Dispose_Twice_FreesOnePlace()
    {
        using var first = _gate.Enter();
        var second = _gate.Enter().ShouldNotBeNull();

        second.Dispose();
        second.Dispose();

        _gate.Open.ShouldBe(1);
    }
}
