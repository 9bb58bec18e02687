using Dapper;
using HmsMesh.Bank.Modes;
using HmsMesh.Kit;

namespace HmsMesh.Bank.Returns;

/// <summary>Entries that came back, in the order in which they did.</summary>
internal static class ReturnRoutes
{
    private const int Most = 200;

    public static void MapReturns(this IEndpointRouteBuilder app) => app.MapGet("/returns", ListAsync).Public();

    private static Task<IResult> ListAsync(long? after, IWorkshop workshop, Conduct conduct, CancellationToken ct) => conduct.AnswerAsync(
        async _ => TypedResults.Ok(await workshop.RunAsync((work, _) => ReadAsync(work, after ?? 0), ct)), ct);

    // An entry is numbered when it is first told of, so that numbers have no gaps and no late comers.
    private static async Task<List<ReturnedEntry>> ReadAsync(Work work, long after)
    {
        var due = (await work.Db.QueryAsync<string>(
            "select id from entries where returns_at <= @now and return_number is null order by returns_at, id limit @Most",
            new { now = work.Time.GetUtcNow().ToUnixTimeMilliseconds(), Most })).AsList();
        foreach (var id in due)
        {
            await work.Db.ExecuteAsync(
                """
                update entries set return_code = 'R01', return_number = (select coalesce(max(return_number), 0) + 1 from entries)
                where id = @id
                """,
                new { id });
        }

        return (await work.Db.QueryAsync<ReturnedEntry>(
            """
            select return_number as Number, idempotency_key as "Key", cents as AmountCents, return_code as Code
            from entries where return_number > @after order by return_number limit @Most
            """,
            new { after, Most })).AsList();
    }
}
