using HmsMesh.Capacity.Answers;
using HmsMesh.Capacity.Facilities;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HmsMesh.Capacity.Dormitories;

/// <summary>What can be done to a dormitory. A caller who may ask twice sends an Idempotency-Key and gets the first answer again.</summary>
internal static class DormitoryRoutes
{
    private const string Scope = "capacity.write";

    public static void MapDormitories(this IEndpointRouteBuilder app)
    {
        var dormitories = app.MapGroup("/dormitories");
        dormitories.MapGet("", ListAsync);
        dormitories.MapGet("/{id}", FindAsync);
        dormitories.MapPost("/{id}/close", CloseAsync).Needs(Scope);
        dormitories.MapPost("/{id}/reopen", ReopenAsync).Needs(Scope);
        dormitories.MapPost("/{id}/admit", AdmitAsync).Needs(Scope);
        dormitories.MapPost("/{id}/discharge", DischargeAsync).Needs(Scope);
    }

    private static async Task<Ok<List<Dormitory>>> ListAsync(string? facility, IWorkshop workshop, CancellationToken ct) =>
        TypedResults.Ok(await workshop.ReadAsync((db, _) => db.DormitoriesAsync(facility), ct));

    private static async Task<Results<Ok<Dormitory>, ProblemHttpResult>> FindAsync(string id, IWorkshop workshop, CancellationToken ct) =>
        await workshop.ReadAsync((db, _) => db.DormitoryAsync(id), ct) is { } found ? TypedResults.Ok(found) : Unknown(id);

    private static Task<IResult> CloseAsync(
        string id, [FromHeader(Name = Answer.Header)] string? key, IWorkshop workshop, CancellationToken ct) =>
        ChangeAsync(new($"close {id}", key), id, site => site.Close(id), workshop, ct);

    private static Task<IResult> ReopenAsync(
        string id, [FromHeader(Name = Answer.Header)] string? key, IWorkshop workshop, CancellationToken ct) =>
        ChangeAsync(new($"reopen {id}", key), id, site => site.Reopen(id), workshop, ct);

    private static Task<IResult> AdmitAsync(
        string id, ResidentCount body, [FromHeader(Name = Answer.Header)] string? key, IWorkshop workshop, CancellationToken ct) =>
        body.Fault is { } fault
            ? Task.FromResult<IResult>(Refuse(fault))
            : ChangeAsync(new($"admit {id} {body.Residents}", key), id, site => site.Admit(id, body.Residents!.Value), workshop, ct);

    private static Task<IResult> DischargeAsync(
        string id, ResidentCount body, [FromHeader(Name = Answer.Header)] string? key, IWorkshop workshop, CancellationToken ct) =>
        body.Fault is { } fault
            ? Task.FromResult<IResult>(Refuse(fault))
            : ChangeAsync(new($"discharge {id} {body.Residents}", key), id, site => site.Discharge(id, body.Residents!.Value), workshop, ct);

    private static async Task<IResult> ChangeAsync(
        Request request, string id, Func<Site, Refusal?> change, IWorkshop workshop, CancellationToken ct)
    {
        if (request.Fault is { } fault)
            return Refuse(fault);
        return await workshop.RunAsync<IResult>(
            async (work, _) =>
            {
                if (await work.LockSiteAsync(id) is not { } site)
                    return Unknown(id);
                if (await work.AnswerAsync(request) is { } earlier)
                    return earlier.Fits(request) ? earlier.Again() : Refuse(earlier.Mismatch);
                if (change(site) is { } refusal)
                    return Refuse(refusal);
                await work.SaveAsync(site);
                var answer = new DormitoryChange(site[id], site.View);
                await work.RememberAsync(request, answer);
                return TypedResults.Ok(answer);
            },
            ct);
    }

    private static ProblemHttpResult Unknown(string id) =>
        Refuse(new(StatusCodes.Status404NotFound, "No such dormitory", $"There is no dormitory '{id}'; GET /dormitories lists them."));

    private static ProblemHttpResult Refuse(Refusal refusal) =>
        TypedResults.Problem(refusal.Detail, statusCode: refusal.Status, title: refusal.Title);
}
