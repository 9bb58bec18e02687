using System.Buffers;
using System.Text;
using System.Text.Json;
using HmsMesh.Gateway.Auth;
using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.Problems;

namespace HmsMesh.Gateway.Idempotency;

/// <summary>One answer for a request that is sent twice under one Idempotency-Key, even by way of a restart.</summary>
internal sealed class Answers(AnswerStore store, Secrets secrets)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    public const long LongestBody = 1 << 20;
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);
    private const int LongestKey = 128;
    private const int InMemory = 64 << 10;

    public async Task OnceAsync(HttpContext http, string app, Func<Task<KeptAnswer?>> ask)
    {
        if (http.Request.Headers[Header] is not [{ Length: > 0 and <= LongestKey } key] || key.Any(c => c is < '!' or > '~'))
        {
            await http.RefuseAsync(StatusCodes.Status400BadRequest, Header, $"An {Header} has 1 to {LongestKey} visible characters, and there is one.");
            return;
        }

        var sealer = await secrets.SealerAsync(http.RequestAborted);
        var caller = http.Features.Get<Visitor>()!.Name;
        var fingerprint = await FingerprintAsync(http, sealer);
        if (await store.TakeAsync(caller, key, fingerprint, http.RequestAborted) is { } earlier)
        {
            await RepeatAsync(http, sealer, Purpose(caller, key), earlier, fingerprint);
            return;
        }

        var answer = await AskAsync(caller, key, ask);
        if (answer is null)
            return;
        if (answer.IsFinal)
            await store.KeepAsync(caller, key, sealer.Seal(JsonSerializer.Serialize(answer), Purpose(caller, key)));
        else
            await store.ReleaseAsync(caller, key);
        await WriteAsync(http, answer);
    }

    private static string Purpose(string caller, string key) => $"answer {caller} {key}";

    private static async Task RepeatAsync(HttpContext http, Sealer sealer, string purpose, AnswerRow earlier, string fingerprint)
    {
        if (!string.Equals(earlier.Fingerprint, fingerprint, StringComparison.Ordinal))
        {
            await http.RefuseAsync(StatusCodes.Status422UnprocessableEntity, "The key was used already", $"This {Header} was used for another request. Take a new key.");
        }
        else if (earlier.Sealed is null)
        {
            await http.RefuseAsync(
                StatusCodes.Status409Conflict, "Under way", $"The first request with this {Header} is still under way. Ask again in a moment.", TimeSpan.FromSeconds(1));
        }
        else if (sealer.Open(earlier.Sealed, purpose) is { } text && JsonSerializer.Deserialize<KeptAnswer>(text) is { } answer)
        {
            http.Response.Headers[ReplayedHeader] = "true";
            http.Response.StatusCode = answer.Status;
            http.Response.ContentType = answer.ContentType;
            http.Response.Headers.CacheControl = "no-store";
            if (answer.Location is { } location)
                http.Response.Headers.Location = location;
            await WriteAsync(http, answer);
        }
        else
        {
            await http.RefuseAsync(StatusCodes.Status409Conflict, "The answer is lost", $"The first answer to this {Header} can no longer be read. See what became of it, then take a new key.");
        }
    }

    private static async Task WriteAsync(HttpContext http, KeptAnswer answer)
    {
        if (answer.Body.Length == 0)
            return;
        http.Response.ContentLength = answer.Body.Length;
        await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }

    /// <summary>Of method, address and body; the body is read, kept beside and read again.</summary>
    private static async Task<string> FingerprintAsync(HttpContext http, Sealer sealer)
    {
        http.Request.EnableBuffering(InMemory);
        using var hash = sealer.Fingerprint();
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n"));
        var buffer = ArrayPool<byte>.Shared.Rent(InMemory);
        try
        {
            int read;
            while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
                hash.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        http.Request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<KeptAnswer?> AskAsync(string caller, string key, Func<Task<KeptAnswer?>> ask)
    {
        KeptAnswer? answer = null;
        try
        {
            return answer = await ask();
        }
        finally
        {
            // No answer: the next try may have one. The service knows the key too, and does nothing twice.
            if (answer is null)
                await store.ReleaseAsync(caller, key);
        }
    }
}
