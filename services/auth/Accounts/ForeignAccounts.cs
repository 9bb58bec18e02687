using System.Collections.Concurrent;
using Dapper;
using HmsMesh.Auth.Secrets;
using HmsMesh.Kit;

namespace HmsMesh.Auth.Accounts;

/// <summary>The ids under which the mesh knows those who signed in at an issuer of <c>Auth__Trusts</c>: each made at the first visit and
/// kept. What the issuer calls them, which may be a mail address, and may be what another issuer calls somebody else, goes no further,
/// and is kept as a hash.</summary>
internal sealed class ForeignAccounts(IWorkshop workshop)
{
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    public async ValueTask<string> SubjectAsync(string issuer, string subject, CancellationToken cancellationToken)
    {
        var name = Shown.Hash($"{issuer}\n{subject}");
        if (_known.TryGetValue(name, out var known))
            return known;
        var id = await workshop.RunAsync(
            (work, _) => work.Db.QuerySingleAsync<string>(
                """
                INSERT INTO foreign_account (name_hash, subject) VALUES (@name, @id)
                ON CONFLICT (name_hash) DO UPDATE SET name_hash = excluded.name_hash
                RETURNING subject
                """,
                new { name, id = "cit-" + OpaqueId.New(16) }),
            cancellationToken);
        if (_known.Count >= Most)
            _known.Clear();
        return _known[name] = id;
    }
}
