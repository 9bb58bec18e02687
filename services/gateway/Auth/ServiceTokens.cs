using System.Collections.Concurrent;
using HmsMesh.Kit;
using Microsoft.IdentityModel.JsonWebTokens;

namespace HmsMesh.Gateway.Auth;

/// <summary>Exchanges a caller's proof for a token of one service (RFC 8693), once for all who ask at the same time, and keeps it
/// until 30 s before its end.</summary>
internal sealed class ServiceTokens([FromKeyedServices(ServiceTokens.IssuerKey)] OpenIdClient issuer, TimeProvider time)
{
    /// <summary>The key of the issuer that exchanges, which need not be the one where citizens sign in.</summary>
    public const string IssuerKey = "exchange";

    public const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";
    public const string ApiKey = "urn:hms:token-type:api-key";
    private const string GrantType = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const int Most = 20_000;
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly JsonWebTokenHandler Reader = new() { MapInboundClaims = false };

    private readonly ConcurrentDictionary<(string Holder, string App), Task<Exchange>> _held = new();
    private readonly ConcurrentDictionary<(string Holder, string App), bool> _renewing = new();

    /// <summary>The token of a service for a holder of a proof.</summary>
    /// <param name="holder">Whose it is: a hash of the proof, or of the session.</param>
    /// <param name="type">What kind of proof.</param>
    /// <param name="proof">Gets the proof; called where there is nothing kept.</param>
    /// <param name="app">The service's app id.</param>
    /// <param name="ct">Ends the wait, not the exchange, which others may wait for.</param>
    public async Task<Exchange> GetAsync(string holder, string type, Func<CancellationToken, ValueTask<string?>> proof, string app, CancellationToken ct)
    {
        var key = (holder, app);
        for (var tries = 0; ; tries++)
        {
            ct.ThrowIfCancellationRequested();
            if (_held.TryGetValue(key, out var held))
            {
                if (!held.IsCompletedSuccessfully || IsGood(held.Result, Margin) || tries > 1)
                    return await held.WaitAsync(ct);
                _held.TryRemove(new(key, held));
            }

            var promise = new TaskCompletionSource<Exchange>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_held.TryAdd(key, promise.Task))
                continue;

            // It may be over already, and be forgotten again.
            _ = RunAsync(key, promise, type, proof);
            return await promise.Task.WaitAsync(ct);
        }
    }

    /// <summary>Gets a new token where there is none, or where the one that is kept ends within that time. That one serves until the
    /// new one is here, and where there is none to be had.</summary>
    public async Task RenewAsync(string holder, string type, Func<CancellationToken, ValueTask<string?>> proof, string app, TimeSpan within, CancellationToken ct)
    {
        var key = (holder, app);
        if (!_held.TryGetValue(key, out var held) || !held.IsCompletedSuccessfully || !IsGood(held.Result, Margin))
        {
            await GetAsync(holder, type, proof, app, ct);
            return;
        }

        if (IsGood(held.Result, within) || !_renewing.TryAdd(key, true))
            return;
        try
        {
            // Not by the request's token: a refresh token is good once, and what came for it must be kept.
            using var limit = new CancellationTokenSource(Limit, time);
            var exchange = await ExchangeAsync(type, proof, app, limit.Token);
            if (IsGood(exchange, Margin))
                _held.TryUpdate(key, Task.FromResult(exchange), held);
        }
        catch (OperationCanceledException e)
        {
            throw new IssuerException("it takes too long", e);
        }
        finally
        {
            _renewing.TryRemove(key, out _);
        }
    }

    /// <summary>Forgets what a holder got, such as at the end of a session; or one service's, which it no longer takes.</summary>
    public void Forget(string holder, string? app = null)
    {
        foreach (var key in _held.Keys)
        {
            if (key.Holder == holder && (app is null || key.App == app))
                _held.TryRemove(key, out _);
        }
    }

    private static ServiceToken Read(string value, DateTimeOffset ends)
    {
        // Ours, straight from the issuer over a connection of ours: its service checks it, this reads what it allows.
        var jwt = Reader.ReadJsonWebToken(value);
        var scopes = jwt.Claims.Where(c => c.Type == "scope").SelectMany(c => c.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var roles = jwt.Claims.Where(c => c.Type == "roles").Select(c => c.Value);
        var client = jwt.TryGetPayloadValue<string>("client_id", out var id) ? id : "";
        return new ServiceToken(value, ends, new Caller(jwt.Subject, client, scopes.ToHashSet(StringComparer.Ordinal), roles.ToHashSet(StringComparer.Ordinal)));
    }

    private bool IsGood(Exchange exchange, TimeSpan margin) => exchange.Token is { } token && token.Ends - margin > time.GetUtcNow();

    private async Task RunAsync((string Holder, string App) key, TaskCompletionSource<Exchange> promise, string type, Func<CancellationToken, ValueTask<string?>> proof)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            var exchange = await ExchangeAsync(type, proof, key.App, limit.Token);
            // What is refused is asked again by the next caller: an account may be allowed more a second later.
            if (!IsGood(exchange, Margin))
                _held.TryRemove(new(key, promise.Task));
            promise.SetResult(exchange);
            if (_held.Count > Most)
                Sweep();
        }
        catch (Exception e)
        {
            _held.TryRemove(new(key, promise.Task));
            promise.SetException(e is OperationCanceledException ? new IssuerException("it takes too long", e) : e);
        }
    }

    private async Task<Exchange> ExchangeAsync(string type, Func<CancellationToken, ValueTask<string?>> proof, string app, CancellationToken ct)
    {
        if (await proof(ct) is not { } shown)
            return new Exchange(null, IsForbidden: false);
        var asked = time.GetUtcNow();
        var grant = await issuer.GrantAsync(
            [new("grant_type", GrantType), new("subject_token", shown), new("subject_token_type", type), new("audience", app)], ct);
        return grant switch
        {
            { IsGiven: true } => new Exchange(Read(grant.AccessToken!, asked.AddSeconds(grant.ExpiresIn)), IsForbidden: false),
            { Error: "invalid_scope" or "invalid_target" or "unauthorized_client" or "access_denied" } => new Exchange(null, IsForbidden: true),
            { Error: "invalid_grant" or "invalid_request" } => new Exchange(null, IsForbidden: false),
            _ => throw new IssuerException($"it refuses to exchange tokens for the door: {grant.Error}"),
        };
    }

    private void Sweep()
    {
        foreach (var (key, held) in _held)
        {
            if (held.IsCompletedSuccessfully && !IsGood(held.Result, Margin))
                _held.TryRemove(new(key, held));
        }

        // Still too many: they cost an exchange each, and no memory without end.
        if (_held.Count > Most)
            _held.Clear();
    }
}
