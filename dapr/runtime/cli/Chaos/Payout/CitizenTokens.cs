using HmsMesh.Cli.Token;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>Access tokens of the demo citizens, got as `mesh token citizen` gets them, and got anew before they end.</summary>
internal sealed class CitizenTokens(string issuer, string password, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, (string Token, long At)> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<string> GetAsync(string account, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_known.TryGetValue(account, out var known) && time.GetElapsedTime(known.At) < Fresh)
                return known.Token;
            using var signIn = new CitizenSignIn(issuer);
            var token = await signIn.TokenAsync(account, password, cancellationToken);
            _known[account] = (token, time.GetTimestamp());
            return token;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
