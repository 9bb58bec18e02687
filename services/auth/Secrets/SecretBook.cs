using System.Collections.Concurrent;
using Dapr.Client;

namespace HmsMesh.Auth.Secrets;

/// <summary>Secrets by name: those of the configuration (<c>Secrets:NAME</c>), else those of the secret store. The sidecar may come
/// later than this service, so they are asked for when they are needed.</summary>
internal sealed class SecretBook(IConfiguration configuration, DaprClient dapr, TimeProvider time)
{
    private const string Store = "secretstore";
    private const int Shortest = 16;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="SecretUnavailableException"/>.</summary>
    public async ValueTask<string> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(name, out var known))
            return known;
        var secret = configuration[$"Secrets:{name}"] is { Length: > 0 } given ? given : await AskAsync(name, cancellationToken);
        return secret is { Length: >= Shortest }
            ? _known.GetOrAdd(name, secret)
            : throw new SecretUnavailableException(name, $"it is not there, or shorter than {Shortest} characters");
    }

    private async Task<string?> AskAsync(string name, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return (await dapr.GetSecretAsync(Store, name, cancellationToken: either.Token)).GetValueOrDefault(name);
        }
        catch (Exception e) when (e is Dapr.DaprException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SecretUnavailableException(name, "the sidecar did not give it", e);
        }
    }
}
