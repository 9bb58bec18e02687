using HmsMesh.Gateway.Limits;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>How many unknown API keys one address may show.</summary>
public sealed class UnknownKeysTests
{
    [Fact]
    public void Take_OfAKnownKey_IsGivenBack()
    {
        var unknown = new UnknownKeys(TimeProvider.System);
        var taken = Enumerable.Range(0, 25).Select(_ => unknown.TryTake("here")).ToList();
        taken.Count(t => t).ShouldBe(20);
        unknown.TryTake("elsewhere").ShouldBeTrue();

        unknown.GiveBack("here");

        unknown.TryTake("here").ShouldBeTrue();
        unknown.TryTake("here").ShouldBeFalse();
    }
}
