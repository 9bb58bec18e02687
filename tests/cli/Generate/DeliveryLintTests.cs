using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Tests.Generate;

/// <summary>services/delivery.yaml: retries that would end before a dead app is found, and values that are none.</summary>
public sealed class DeliveryLintTests : IDisposable
{
    private readonly TestClone _clone = TestClone.OfTwo();

    public void Dispose() => _clone.Dispose();

    [Theory]
    [InlineData("policy: exponential", "policy: sometimes", "/retry/policy")]
    [InlineData("probeInterval: 1s", "probeInterval: soon", "/health/probeInterval")]
    [InlineData("probeInterval: 1s", "probeInterval: 1500ms", "/health/probeInterval")]
    [InlineData("maxRetries: 8", "maxRetries: many", "/retry/maxRetries")]
    [InlineData("maxRetries: 8", "maxRetries: 4", "/retry/maxRetries")]
    [InlineData("maxRetries: 8", "maxRetries: 400", "/retry/maxRetries")]
    [InlineData("threshold: 3", "threshold: 30", "/retry/maxRetries")]
    public void Delivery_Faulty_IsNamedWithItsPlace(string old, string now, string pointer)
    {
        _clone.Change(DeliverySettings.File, old, now);

        var problem = _clone.Problems().ShouldHaveSingleItem();

        problem.File.ShouldBe(DeliverySettings.File);
        problem.ToString().ShouldContain(pointer);
    }

    [Fact]
    public void RetryBudget_ConstantPolicy_CountsItsWaits()
    {
        _clone.Change(DeliverySettings.File, "policy: exponential", "policy: constant");
        _clone.Change(DeliverySettings.File, "maxInterval: 10s", "interval: 400ms");
        _clone.Problems().ShouldHaveSingleItem().Message.ShouldContain("all 8 retries can be over after 3.2 s, before a probe finds an app dead (3.5 s)");

        _clone.Change(DeliverySettings.File, "interval: 400ms", "interval: 450ms");

        _clone.Problems().ShouldBeEmpty();
    }
}
