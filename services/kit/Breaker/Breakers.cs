using System.Collections.Concurrent;

namespace HmsMesh.Kit;

/// <summary>The circuit breakers of a service, by name: three failures in a row open one for ten seconds, then one call is let through to
/// try. For risky calls outside the mesh, such as those to a bank. From DI.</summary>
public sealed class Breakers
{
    private readonly ConcurrentDictionary<string, Breaker> _breakers = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public Breakers(TimeProvider time) => _time = time;

    /// <summary>Those used so far.</summary>
    public IReadOnlyCollection<Breaker> All => [.. _breakers.Values];

    /// <summary>The breaker of that name.</summary>
    public Breaker this[string name] => _breakers.GetOrAdd(name, static (key, time) => new Breaker(key, time), _time);

    /// <summary>Calls behind the breaker. Throws Polly's BrokenCircuitException, without calling, while it is open.</summary>
    public Task<T> WithBreaker<T>(string name, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        this[name].RunAsync(call, cancellationToken);

    /// <inheritdoc cref="WithBreaker{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public Task WithBreaker(string name, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        this[name].RunAsync(
            async token =>
            {
                await call(token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
}
