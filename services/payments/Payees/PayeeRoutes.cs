using System.Security.Cryptography;
using HmsMesh.Kit;
using HmsMesh.Payments.Sending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HmsMesh.Payments.Payees;

/// <summary>A citizen's own payee.</summary>
internal static class PayeeRoutes
{
    private const long MostBytes = 4096;

    public static void MapPayees(this IEndpointRouteBuilder app)
    {
        app.MapPut("/payee", FillAsync).Needs(Scopes.WritePayee).WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        app.MapGet("/payee", FindAsync).Needs(Scopes.WritePayee);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> FillAsync(
        PayeeBody body, HttpContext http, VaultKeeper keeper, IWorkshop workshop, WorkSignal signal, ILogger<Payee> log, CancellationToken ct)
    {
        if (body.Faults() is { Count: > 0 } faults)
        {
            return TypedResults.Problem(new HttpValidationProblemDetails(faults)
            {
                Status = StatusCodes.Status422UnprocessableEntity,
                Title = "The payee is not complete",
            });
        }

        try
        {
            var citizen = http.Caller().Subject;
            var sealedPayee = (await keeper.VaultAsync(ct)).Seal(body.Payee, citizen);
            var released = await workshop.RunAsync((work, _) => work.FillAsync(citizen, sealedPayee), ct);
            if (released > 0)
                signal.Set();
            Log.PayeeFilled(log, citizen, released);
            return TypedResults.NoContent();
        }
        catch (VaultUnavailableException e)
        {
            return Closed(log, e);
        }
    }

    private static async Task<Results<Ok<PayeeView>, ProblemHttpResult>> FindAsync(
        HttpContext http, VaultKeeper keeper, IWorkshop workshop, ILogger<Payee> log, CancellationToken ct)
    {
        try
        {
            var citizen = http.Caller().Subject;
            if (await workshop.ReadAsync((db, _) => db.SealedPayeeAsync(citizen), ct) is not { } text)
                return TypedResults.Problem("You have not said yet where to pay.", statusCode: StatusCodes.Status404NotFound, title: "No payee");
            var payee = (await keeper.VaultAsync(ct)).Open(text, citizen);
            return TypedResults.Ok(new PayeeView(payee.Routing, payee.Account[^4..], payee.Kind));
        }
        catch (Exception e) when (e is VaultUnavailableException or CryptographicException)
        {
            return Closed(log, e);
        }
    }

    private static ProblemHttpResult Closed(ILogger log, Exception e)
    {
        Log.VaultClosed(log, e.Message);
        return TypedResults.Problem(
            "Payees cannot be read or kept now. Try again later.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "The vault is closed");
    }
}
