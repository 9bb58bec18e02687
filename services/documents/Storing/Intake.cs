using HmsMesh.Documents.Files;
using HmsMesh.Documents.Inspection;
using HmsMesh.Kit;

namespace HmsMesh.Documents.Storing;

/// <summary>Takes a document: onto the disk as it comes, looked at there, durable, and only then into the database with its event.</summary>
internal sealed class Intake(DocumentFolder folder, Sweeper sweeper, IWorkshop workshop, DocumentsSettings settings, TimeProvider time, ILogger<Intake> log)
{
    private const int Beginning = 16;

    public async Task<(Document? Document, Refusal? Refusal)> StoreAsync(Upload upload, CancellationToken ct)
    {
        var bytes = 0L;
        var (document, refusal) = await TryAsync(upload, b => bytes = b, ct);
        if (refusal is not null)
            Log.Refused(log, upload.Citizen, bytes, refusal.Reason);
        return (document, refusal);
    }

    private static DocumentKind? KindOf(Draft draft)
    {
        Span<byte> beginning = stackalloc byte[Beginning];
        draft.Content.Position = 0;
        return DocumentKind.Of(beginning[..draft.Content.ReadAtLeast(beginning, Beginning, throwOnEndOfStream: false)]);
    }

    private static Refusal? Look(Draft draft, Upload upload, DocumentKind? kind) => draft switch
    {
        { Bytes: 0 } => Refusal.Empty,
        _ when upload.Digest is { } digest && digest != draft.Sha256 => Refusal.OtherDigest,
        _ when kind is null => Refusal.Unknown,
        _ when !DocumentKind.IsSilent(upload.ContentType) && !kind.IsCalled(upload.ContentType!) => Refusal.NotAsSaid,
        _ => kind.IsWhole(draft.Content) ? null : Refusal.Damaged,
    };

    private async Task<(Document? Document, Refusal? Refusal)> TryAsync(Upload upload, Action<long> received, CancellationToken ct)
    {
        // Told before ten megabytes are read for nothing.
        if (!DocumentKind.IsSilent(upload.ContentType) && !DocumentKind.IsTaken(upload.ContentType!))
            return (null, Refusal.Unknown);
        if (!await workshop.ReadAsync((db, _) => db.HasRoomAsync(upload.Citizen, upload.Key, settings.MostPerCitizen), ct))
            return (null, Refusal.Full);
        try
        {
            await using var draft = folder.Begin();
            var refusal = await ReceiveAsync(draft, upload.Body, ct);
            received(draft.Bytes);
            var kind = refusal is null ? KindOf(draft) : null;
            refusal ??= Look(draft, upload, kind);
            if (refusal is not null)
                return (null, refusal);
            draft.Settle();
            return await FileAsync(draft, kind!, upload);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.DiskFailed(log, folder.Path, e.Message);
            return (null, Refusal.NoRoom);
        }
    }

    private static async Task<Refusal?> ReceiveAsync(Draft draft, Stream body, CancellationToken ct)
    {
        Refusal? broken = null;

        // What fails on the way here is the sender's, and what fails on the way to the disk is ours.
        async ValueTask<int> ReadAsync(Memory<byte> buffer)
        {
            try
            {
                return await body.ReadAsync(buffer, ct);
            }
            catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
            {
                broken = Refusal.TooLarge;
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                broken = Refusal.Broken;
            }

            return 0;
        }

        return await draft.ReceiveAsync(ReadAsync, DocumentsSettings.MostBytes) ? broken : Refusal.TooLarge;
    }

    private async Task<(Document? Document, Refusal? Refusal)> FileAsync(Draft draft, DocumentKind kind, Upload upload)
    {
        var document = new Document
        {
            Id = draft.Id,
            Citizen = upload.Citizen,
            Sha256 = draft.Sha256,
            Bytes = draft.Bytes,
            ContentType = kind.MediaType,
            StoredAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        try
        {
            // To its end, even where the sender has gone: a file is never left between.
            var filed = await workshop.RunAsync((work, _) => work.FileAsync(document, upload.Key, settings.MostPerCitizen), CancellationToken.None);
            if (filed.Document?.Id != draft.Id)
                draft.Discard();
            return filed;
        }
        catch
        {
            sweeper.Doubt(draft.Id);
            throw;
        }
    }
}
