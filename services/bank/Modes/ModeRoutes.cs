using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Bank.Modes;

/// <summary>The switch of the simulator.</summary>
internal static class ModeRoutes
{
    public static void MapMode(this IEndpointRouteBuilder app)
    {
        app.MapGet("/mode", FindAsync).Public();
        app.MapPut("/mode", SetAsync).Public();
    }

    private static async Task<Ok<ModeBody>> FindAsync(Conduct conduct, CancellationToken ct) =>
        TypedResults.Ok(ModeBody.Of(await conduct.ModeAsync(ct)));

    private static async Task<Results<Ok<ModeBody>, ProblemHttpResult>> SetAsync(ModeBody body, Conduct conduct, CancellationToken ct)
    {
        if (!body.TryRead(out var mode))
        {
            var known = string.Join(", ", Enum.GetValues<BankMode>().Select(m => ModeBody.Of(m).Mode));
            return TypedResults.Problem($"The modes are {known}.", statusCode: StatusCodes.Status422UnprocessableEntity, title: "No such mode");
        }

        await conduct.SetAsync(mode, ct);
        return TypedResults.Ok(ModeBody.Of(mode));
    }
}
