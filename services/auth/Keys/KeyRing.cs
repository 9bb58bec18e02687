using System.Security.Cryptography;
using Dapper;
using HmsMesh.Auth.Secrets;
using HmsMesh.Kit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Auth.Keys;

/// <summary>The signing keys: one signs, its successor is published ahead of its time, its predecessor until nothing signed by it is alive.
/// They lie in the database, sealed.</summary>
internal sealed class KeyRing(AuthSettings settings, VaultProvider vaults, IWorkshop workshop, TimeProvider time, ILogger<KeyRing> log) : IDisposable
{
    private const string Purpose = "signing-key";
    private const int Bits = 2048;

    // Other instances may add and take away keys.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Ring? _ring;

    public async ValueTask<RsaSecurityKey> SigningAsync(CancellationToken cancellationToken)
    {
        var keys = await AllAsync(cancellationToken);
        var now = time.GetUtcNow();
        return keys.Last(k => k.SignsFrom <= now).Key;
    }

    /// <summary>The keys to publish, oldest first.</summary>
    public async ValueTask<IReadOnlyList<SigningKey>> AllAsync(CancellationToken cancellationToken)
    {
        if (_ring is { } ring && time.GetUtcNow() - ring.At < Fresh)
            return ring.Keys;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_ring is { } other && time.GetUtcNow() - other.At < Fresh)
                return other.Keys;
            _ring = new Ring(time.GetUtcNow(), await TurnAsync(cancellationToken));
            return _ring.Keys;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<IReadOnlyList<SigningKey>> TurnAsync(CancellationToken cancellationToken)
    {
        var vault = (await vaults.OpenAsync(cancellationToken)).CreateProtector(Purpose);
        var keys = await workshop.ReadAsync(async (db, _) => Open(await RowsAsync(db), vault), cancellationToken);
        if (NextFrom(keys) is null)
            return await RetireAsync(keys, cancellationToken);

        // Made outside the transaction, as that takes its time; another instance may have been faster.
        using var rsa = RSA.Create(Bits);
        var id = Shown.New()[..16];
        var seal = Convert.ToBase64String(vault.Protect(rsa.ExportPkcs8PrivateKey()));
        keys = await workshop.RunAsync(
            async (work, _) =>
            {
                var known = Open(await RowsAsync(work.Db), vault);
                if (NextFrom(known) is not { } from)
                    return known;
                var row = new SigningKeyRow { Id = id, Sealed = seal, SignsFrom = from.ToUnixTimeMilliseconds() };
                await work.Db.ExecuteAsync("INSERT INTO signing_key (id, sealed, signs_from) VALUES (@Id, @Sealed, @SignsFrom)", row);
                return [.. known, .. Open([row], vault)];
            },
            cancellationToken);
        log.KeyMade(id, keys[^1].SignsFrom);
        return await RetireAsync(keys, cancellationToken);
    }

    /// <summary>From when a new key has to sign; null where none is needed yet.</summary>
    private DateTimeOffset? NextFrom(IReadOnlyList<SigningKey> keys)
    {
        var now = time.GetUtcNow();
        if (keys.Count == 0)
            return now;
        var ends = keys[^1].SignsFrom + settings.KeyLifetime;
        return now < ends - settings.KeyOverlap || keys[^1].SignsFrom > now ? null : ends > now ? ends : now;
    }

    private async Task<IReadOnlyList<SigningKey>> RetireAsync(IReadOnlyList<SigningKey> keys, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var kept = keys.Where((_, i) => i == keys.Count - 1 || keys[i + 1].SignsFrom + settings.AccessLifetime + settings.KeyOverlap > now).ToList();
        if (kept.Count < keys.Count)
        {
            var gone = keys.Except(kept).Select(k => k.Key.KeyId).ToList();
            await workshop.RunAsync(
                async (work, _) =>
                {
                    foreach (var id in gone)
                        await work.Db.ExecuteAsync("DELETE FROM signing_key WHERE id = @id", new { id });
                },
                cancellationToken);
        }

        return kept;
    }

    private static async Task<IReadOnlyList<SigningKeyRow>> RowsAsync(System.Data.Common.DbConnection db) => (await db.QueryAsync<SigningKeyRow>(
        "SELECT id AS Id, sealed AS Sealed, signs_from AS SignsFrom FROM signing_key ORDER BY signs_from, id")).AsList();

    // A key that was sealed by another secret is lost, and with it what it signed: minutes of it.
    private List<SigningKey> Open(IReadOnlyList<SigningKeyRow> rows, IDataProtector vault)
    {
        var keys = new List<SigningKey>(rows.Count);
        foreach (var row in rows)
        {
            try
            {
                using var rsa = RSA.Create();
                rsa.ImportPkcs8PrivateKey(vault.Unprotect(Convert.FromBase64String(row.Sealed)), out _);
                keys.Add(new SigningKey(
                    new RsaSecurityKey(rsa.ExportParameters(true)) { KeyId = row.Id }, DateTimeOffset.FromUnixTimeMilliseconds(row.SignsFrom)));
            }
            catch (CryptographicException)
            {
                log.KeyLost(row.Id);
            }
        }

        return keys;
    }

    private sealed record Ring(DateTimeOffset At, IReadOnlyList<SigningKey> Keys);
}
