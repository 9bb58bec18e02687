using HmsMesh.Journey.Options;
using HmsMesh.Journey.Stream;

namespace HmsMesh.Services.Tests.Journey;

public class SnapshotTests
{
    private static readonly Option Old = new() { Facility = "old", Version = 3 };
    private static readonly Option New = new() { Facility = "new", Version = 7 };
    private readonly Snapshot _snapshot = new([New, Old]);

    [Fact]
    public void Since_Nothing_IsEverythingOldestFirst() => _snapshot.Since(-1).ShouldBe([Old, New]);

    [Fact]
    public void Since_AVersion_IsWhatIsNewer() => _snapshot.Since(3).ShouldBe([New]);

    [Fact]
    public void Since_TheLatest_IsNothing() => _snapshot.Since(7).ShouldBeEmpty();

    [Fact]
    public void Since_AVersionOfAnotherDatabase_IsEverything() => _snapshot.Since(8).ShouldBe([Old, New]);

    [Fact]
    public void Version_OfNoOptions_IsZero() => new Snapshot([]).Version.ShouldBe(0);

    [Fact]
    public void Replaced_CompletesOnce()
    {
        _snapshot.Replaced.IsCompleted.ShouldBeFalse();

        _snapshot.Replace();
        _snapshot.Replace();

        _snapshot.Replaced.IsCompletedSuccessfully.ShouldBeTrue();
    }
}
