using System.Globalization;
using System.Text.Json;
using Dapper;
using HmsMesh.Capacity.Dormitories;
using HmsMesh.Kit;

namespace HmsMesh.Capacity.Answers;

/// <summary>Answers by Idempotency-Key, kept for a day.</summary>
internal static class AnswerStore
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public static async Task<Answer?> AnswerAsync(this Work work, Request request) => request.Key is null
        ? null
        : await work.Db.QuerySingleOrDefaultAsync<Answer>(
            "select request, status, body from answers where idempotency_key = @Key", new { request.Key });

    public static async Task RememberAsync(this Work work, Request request, DormitoryChange change)
    {
        if (request.Key is null)
            return;
        var now = work.Time.GetUtcNow();
        await work.Db.ExecuteAsync("delete from answers where given_at < @before", new { before = Stamp(now - Kept) });
        await work.Db.ExecuteAsync(
            """
            insert into answers (idempotency_key, request, status, body, given_at)
            values (@Key, @Text, @status, @body, @now)
            """,
            new
            {
                request.Key,
                request.Text,
                status = StatusCodes.Status200OK,
                body = JsonSerializer.Serialize(change, JsonSerializerOptions.Web),
                now = Stamp(now),
            });
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
