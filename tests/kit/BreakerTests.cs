using Polly.CircuitBreaker;

namespace HmsMesh.Kit.Tests;

public class BreakerTests
{
    private readonly ManualTime _time = new();
    private readonly Breakers _breakers;
    private int _calls;

    public BreakerTests() => _breakers = new Breakers(_time);

    [Fact]
    public async Task WithBreaker_ThreeFailuresInARow_OpensForTenSeconds()
    {
        await FailAsync(3);

        _breakers["bank"].State.ShouldBe(BreakerState.Open);
        await Should.ThrowAsync<BrokenCircuitException>(CallAsync());
        _calls.ShouldBe(3);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        await Should.ThrowAsync<BrokenCircuitException>(CallAsync());
        _calls.ShouldBe(3);
    }

    [Fact]
    public async Task WithBreaker_SuccessBetweenFailures_StaysClosed()
    {
        for (var i = 0; i < 5; i++)
        {
            await FailAsync(2);
            (await CallAsync()).ShouldBe(7);
        }

        _breakers["bank"].State.ShouldBe(BreakerState.Closed);
        await FailAsync(3);
        _breakers["bank"].State.ShouldBe(BreakerState.Open);
    }

    [Fact]
    public async Task WithBreaker_AfterTenSeconds_OneTryDecides()
    {
        await FailAsync(3);
        _time.Advance(TimeSpan.FromSeconds(10));
        _breakers["bank"].State.ShouldBe(BreakerState.HalfOpen);

        await FailAsync(1);
        await Should.ThrowAsync<BrokenCircuitException>(CallAsync());
        _calls.ShouldBe(4);

        _time.Advance(TimeSpan.FromSeconds(10));
        (await CallAsync()).ShouldBe(7);
        _breakers["bank"].State.ShouldBe(BreakerState.Closed);
        await FailAsync(2);
        _breakers["bank"].State.ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public async Task WithBreaker_WhileTheTryRuns_OthersAreRefused()
    {
        await FailAsync(3);
        _time.Advance(TimeSpan.FromSeconds(10));
        var answer = new TaskCompletionSource<int>();
        var trying = _breakers.WithBreaker("bank", _ => answer.Task, CancellationToken.None);

        await Should.ThrowAsync<BrokenCircuitException>(CallAsync());
        answer.SetResult(1);

        (await trying).ShouldBe(1);
        (await CallAsync()).ShouldBe(7);
    }

    [Fact]
    public async Task WithBreaker_CallFromBeforeItOpened_DecidesNothing()
    {
        var old = new TaskCompletionSource<int>();
        var slow = _breakers.WithBreaker("bank", _ => old.Task, CancellationToken.None);
        await FailAsync(3);

        old.SetResult(1);
        await slow;

        _breakers["bank"].State.ShouldBe(BreakerState.Open);
    }

    [Fact]
    public async Task WithBreaker_CallerCancels_IsNoFailure()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        for (var i = 0; i < 5; i++)
        {
            await Should.ThrowAsync<OperationCanceledException>(_breakers.WithBreaker(
                "bank", t => Task.FromCanceled<int>(t), cancelled.Token));
        }

        _breakers["bank"].State.ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public async Task WithBreaker_TwoNames_AreTwoBreakers()
    {
        await FailAsync(3);

        (await _breakers.WithBreaker("mail", _ => Task.FromResult(1), CancellationToken.None)).ShouldBe(1);
        _breakers.All.Select(b => b.Name).ShouldBe(["bank", "mail"], ignoreOrder: true);
    }

    private Task<int> CallAsync() => _breakers.WithBreaker(
        "bank",
        _ =>
        {
            _calls++;
            return Task.FromResult(7);
        },
        CancellationToken.None);

    private async Task FailAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Should.ThrowAsync<InvalidDataException>(_breakers.WithBreaker<int>(
                "bank",
                _ =>
                {
                    _calls++;
                    throw new InvalidDataException("the bank is down");
                },
                CancellationToken.None));
        }
    }
}
