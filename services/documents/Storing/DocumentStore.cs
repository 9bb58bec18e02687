using System.Data.Common;
using Dapper;
using HmsMesh.Documents.Events;
using HmsMesh.Kit;

namespace HmsMesh.Documents.Storing;

/// <summary>Documents in the database.</summary>
internal static class DocumentStore
{
    private const string Columns = "id as Id, citizen as Citizen, sha256 as Sha256, bytes as Bytes, content_type as ContentType, stored_at as StoredAt";

    public static Task<Document?> DocumentAsync(this DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<Document>($"select {Columns} from documents where id = @id", new { id });

    /// <summary>Whether it is worth reading what comes: there is room for one more, or it came before. What counts is <see cref="FileAsync"/>.</summary>
    public static async Task<bool> HasRoomAsync(this DbConnection db, string citizen, string? key, int most) =>
        await db.ExecuteScalarAsync<long>("select count(*) from shelves where citizen = @citizen and documents >= @most", new { citizen, most }) == 0
        || (key is not null && await db.ByKeyAsync(citizen, key) is not null);

    /// <summary>Files a document and says so; or tells that one which came before under the key, or why there is none.</summary>
    public static async Task<(Document? Document, Refusal? Refusal)> FileAsync(this Work work, Document document, string? key, int most)
    {
        // Whoever has the shelf is alone with this citizen's documents until the commit.
        await work.Db.ExecuteAsync(
            "insert into shelves (citizen, documents) values (@Citizen, 0) on conflict (citizen) do update set documents = shelves.documents", document);
        if (key is not null && await work.Db.ByKeyAsync(document.Citizen, key) is { } earlier)
            return earlier.Sha256 == document.Sha256 ? (earlier, null) : (null, Refusal.KeyUsed);
        if (await work.Db.ExecuteAsync(
            "update shelves set documents = documents + 1 where citizen = @citizen and documents < @most", new { citizen = document.Citizen, most }) == 0)
        {
            return (null, Refusal.Full);
        }

        await work.Db.ExecuteAsync(
            """
            insert into documents (id, citizen, idempotency_key, sha256, bytes, content_type, stored_at)
            values (@Id, @Citizen, @key, @Sha256, @Bytes, @ContentType, @StoredAt)
            """,
            new { document.Id, document.Citizen, key, document.Sha256, document.Bytes, document.ContentType, document.StoredAt });
        work.Say(
            "document.stored", new DocumentStored(document.Id, document.Url, document.Sha256, document.Bytes, document.ContentType, document.Citizen));
        work.AfterCommit(() => Log.Stored(work.Log, document.Id, document.ContentType, document.Bytes));
        return (document, null);
    }

    private static Task<Document?> ByKeyAsync(this DbConnection db, string citizen, string key) => db.QuerySingleOrDefaultAsync<Document>(
        $"select {Columns} from documents where citizen = @citizen and idempotency_key = @key", new { citizen, key });
}
