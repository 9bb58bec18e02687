using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dapper;
using HmsMesh.Auth.Secrets;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Identity;

namespace HmsMesh.Auth.Accounts;

/// <summary>The accounts' rows, each made when it is first needed. The passwords are hashed by the framework.</summary>
internal sealed class AccountStore(SecretBook secrets, IWorkshop workshop) : IDisposable
{
    // The password of the demo accounts is the first characters of their secret: short enough to type.
    private const int PasswordLength = 16;

    private readonly PasswordHasher<Account> _hasher = new();
    private readonly ConcurrentDictionary<string, string> _subjects = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);

    // Hashing is meant to be slow: guesses may not take every core.
    private readonly SemaphoreSlim _hashing = new(2, 2);
    private string? _nobodysHash;

    /// <summary>The opaque id of an account.</summary>
    public async ValueTask<string> SubjectAsync(Account account, CancellationToken cancellationToken)
    {
        if (_subjects.TryGetValue(account.Name, out var known))
            return known;
        var secret = await secrets.GetAsync(account.Password, cancellationToken);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_subjects.TryGetValue(account.Name, out known))
                return known;
            var row = await FindAsync(account, cancellationToken);
            if (row is null || Verify(account, row.PasswordHash, Password(secret)) == PasswordVerificationResult.Failed)
                row = await SaveAsync(account, _hasher.HashPassword(account, Password(secret)), cancellationToken);
            return _subjects[account.Name] = row.Subject;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether the password is the account's. It takes as long where there is no such account.</summary>
    public async Task<bool> ProvesAsync(Account? account, string password, CancellationToken cancellationToken)
    {
        if (account is not null)
            await SubjectAsync(account, cancellationToken);
        var row = account is null ? null : await FindAsync(account, cancellationToken);
        await _hashing.WaitAsync(cancellationToken);
        try
        {
            var hash = row?.PasswordHash ?? (_nobodysHash ??= _hasher.HashPassword(null!, Shown.New()));
            return Verify(account, hash, password) != PasswordVerificationResult.Failed && row is not null;
        }
        finally
        {
            _hashing.Release();
        }
    }

    public void Dispose()
    {
        _gate.Dispose();
        _hashing.Dispose();
    }

    private static string Password(string secret) => secret.Length > PasswordLength ? secret[..PasswordLength] : secret;

    // A demo account's is given, so that what other services know of a demo citizen fits.
    private static string NewSubject(Account account) => account.Subject ??
        (account.Roles.Contains("citizen", StringComparer.Ordinal) ? "cit-" : "stf-") + OpaqueId.New(8);

    private PasswordVerificationResult Verify(Account? account, string hash, string password) => _hasher.VerifyHashedPassword(account!, hash, password);

    private Task<AccountRow?> FindAsync(Account account, CancellationToken cancellationToken) => workshop.ReadAsync(
        (db, _) => db.QuerySingleOrDefaultAsync<AccountRow>(
            "SELECT subject AS Subject, password_hash AS PasswordHash FROM account WHERE name = @Name", new { account.Name }),
        cancellationToken);

    private Task<AccountRow> SaveAsync(Account account, string hash, CancellationToken cancellationToken) => workshop.RunAsync(
        (work, _) => work.Db.QuerySingleAsync<AccountRow>(
            """
            INSERT INTO account (name, subject, password_hash) VALUES (@Name, @subject, @hash)
            ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash
            RETURNING subject AS Subject, password_hash AS PasswordHash
            """,
            new { account.Name, subject = NewSubject(account), hash }),
        cancellationToken);
}
