using HmsMesh.Gateway.Forwarding;
using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.Limits;
using HmsMesh.Gateway.Problems;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Mvc;

namespace HmsMesh.Gateway.Api;

/// <summary>All that the door forwards: whereto, and what the caller must be allowed. Shapes are for the OpenAPI document; a
/// service checks its own input.</summary>
internal static class ApiRoutes
{
    private const long DocumentBytes = 10 << 20;
    private const string Json = "application/json";

    // Ten megabytes from a phone with little reception.
    private static readonly TimeSpan DocumentTime = TimeSpan.FromMinutes(3);
    private static readonly Dictionary<string, HashSet<string>> Apps = new(StringComparer.Ordinal);
    private static readonly Lock Gate = new();

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        MapClaims(api);
        MapCitizen(api);
        MapStaff(api);
        MapCapacity(api);
    }

    /// <summary>The services that someone with these permissions may want.</summary>
    public static IEnumerable<string> AppsFor(IReadOnlySet<string> scopes)
    {
        lock (Gate)
            return [.. Apps.Where(app => app.Value.Overlaps(scopes)).Select(app => app.Key)];
    }

    private static void MapClaims(IEndpointRouteBuilder api)
    {
        api.MapPost("/claims", Forward).To("claims", "/claims", "claims.write").Say("claims", "File a claim")
            .Takes<ClaimForm>(Json).Produces<Claim>(201).Changes(201);
        api.MapGet("/claims", Forward).To("claims", "/claims", "claims.read").Say("claims", "Your claims").Produces<IReadOnlyList<Claim>>();
        api.MapGet("/claims/{id}", ForwardOne).To("claims", "/claims/{id}", "claims.read").Say("claims", "One of your claims").Produces<Claim>().Problems(404);
        api.MapGet("/stream", Forward).To("journey", "/stream", "claims.read", isStream: true)
            .Say("claims", "What happens to your claims and to AFRH's beds, as server-sent events").Produces(200, contentType: "text/event-stream");
    }

    private static void MapCitizen(IEndpointRouteBuilder api)
    {
        api.MapGet("/payee", Forward).To("payments", "/payee", "payee.write").Say("payee", "Where you are paid").Produces<PayeeView>().Problems(404);
        api.MapPut("/payee", Forward).To("payments", "/payee", "payee.write").Say("payee", "Say where you are paid")
            .Takes<Payee>(Json).Produces(204).Changes(204);
        api.MapGet("/messages", Forward).To("notifier", "/messages", "messages.read").Say("messages", "Mails that you were sent").Produces<IReadOnlyList<Message>>();
        api.MapPost("/documents", Forward).To("documents", "/documents", "documents.write", DocumentBytes)
            .Say("documents", "Upload a PDF, PNG or JPEG of at most 10 MB; the body is the file").Takes<byte[]>("application/pdf", "image/png", "image/jpeg")
            .Produces<StoredDocument>(201).Changes(201).Problems(415);
        api.MapGet("/documents/{id}", ForwardOne).To("documents", "/documents/{id}", "documents.read").Say("documents", "One of your documents")
            .Produces<byte[]>(200, "application/pdf", "image/png", "image/jpeg").Problems(404);
    }

    private static void MapStaff(IEndpointRouteBuilder api)
    {
        api.MapGet("/metrics/payouts", Forward).To("metrics", "/payouts", "audit.read").Say("metrics", "How long payouts take").Produces<Payouts>();
        api.MapGet("/metrics/payouts.csv", Forward).To("metrics", "/payouts.csv", "audit.read").Say("metrics", "The same as CSV").Produces<string>(200, "text/csv");
        MapPayments(api);
    }

    private static void MapPayments(IEndpointRouteBuilder api)
    {
        api.MapGet("/payments/ledger", Forward).To("payments", "/ledger", "payments.operate").Say("payments", "The ledger").Produces<Ledger>();
        api.MapGet("/payments/ach/today", Forward).To("payments", "/ach/today", "payments.operate").Say("payments", "Today's ACH file (NACHA)")
            .Produces<string>(200, "text/plain");
        api.MapGet("/payments/breaker", Forward).To("payments", "/breaker", "payments.operate").Say("payments", "The breaker before the bank").Produces<BreakerView>();
        api.MapGet("/payments/waiting", Forward).To("payments", "/payments/waiting", "payments.operate").Say("payments", "Payments that wait, or those of another status")
            .Asks("status", "waiting (if not said), failed, all, or one of waiting-for-payee, pending, sending, held, sent, refused, returned")
            .Asks("take", "How many at most: 1 to 500, 100 if not said").Produces<PaymentList>().Problems(422);
        api.MapGet("/payments/incidents", Forward).To("payments", "/incidents", "payments.operate").Say("payments", "What must not happen, and did; the latest first")
            .Asks("take", "How many at most: 1 to 200").Produces<IReadOnlyList<Incident>>().Problems(422);
        api.MapGet("/payments/decisions", Forward).To("payments", "/decisions", "payments.operate").Say("payments", "What was decided of held payments; the latest first")
            .Asks("take", "How many at most: 1 to 200").Produces<IReadOnlyList<Decision>>().Problems(422);
        api.MapPost("/payments/{id}/release", ForwardOne).To("payments", "/payments/{id}/release", "payments.operate")
            .Say("payments", "Let a held payment go on: the bank is asked for it first, and nothing is paid twice").Produces<Decision>().Changes(200).Problems(404);
        api.MapPost("/payments/{id}/reject", ForwardOne).To("payments", "/payments/{id}/reject", "payments.operate")
            .Say("payments", "Do not pay a held payment").Produces<Decision>().Changes(200).Problems(404);
        api.MapGet("/payments/bank", Forward).To("payments", "/bank", "payments.operate").Say("payments", "The bank simulator's mode and sums").Produces<object>();
        api.MapPut("/payments/bank", Forward).To("payments", "/bank/mode", "payments.operate").Say("payments", "Tell the bank simulator how to behave")
            .Takes<BankMode>(Json).Produces<object>().Changes(200);
    }

    private static void MapCapacity(IEndpointRouteBuilder api)
    {
        api.MapGet("/afrh/options", Forward).To("journey", "/options", null).Say("afrh", "Which facilities take applications now").Produces<object>();
        api.MapGet("/afrh/stream", Forward).To("journey", "/stream", null, isStream: true).Say("afrh", "The same, as server-sent events")
            .Produces(200, contentType: "text/event-stream");
        api.MapGet("/capacity/dormitories", Forward).To("capacity", "/dormitories", "capacity.write").Say("capacity", "Dormitories").Produces<IReadOnlyList<Dormitory>>();
        api.MapPost("/capacity/dormitories/{id}/close", ForwardOne).To("capacity", "/dormitories/{id}/close", "capacity.write")
            .Say("capacity", "Close a dormitory").Produces<object>().Changes(200).Problems(404);
        api.MapPost("/capacity/dormitories/{id}/reopen", ForwardOne).To("capacity", "/dormitories/{id}/reopen", "capacity.write")
            .Say("capacity", "Open it again").Produces<object>().Changes(200).Problems(404);
    }

    private static Task Forward(HttpContext http, Forwarder forwarder) => forwarder.ForwardAsync(http);

#pragma warning disable S1172 // the forwarder reads the id; it is named here for the OpenAPI document
    private static Task ForwardOne(string id, HttpContext http, Forwarder forwarder) => forwarder.ForwardAsync(http);
#pragma warning restore S1172

    private static RouteHandlerBuilder To(this RouteHandlerBuilder route, string app, string path, string? scope, long bodyBytes = 1 << 20, bool isStream = false)
    {
        if (scope is not null)
        {
            lock (Gate)
                (Apps.TryGetValue(app, out var scopes) ? scopes : Apps[app] = new(StringComparer.Ordinal)).Add(scope);
            route.Problems(401, 403);
        }

        var destination = new Destination(app, path, scope) { IsStream = isStream, SendLimit = bodyBytes == DocumentBytes ? DocumentTime : null };
        return route.Public().WithMetadata(destination, new BodyLimit(bodyBytes)).Problems(429, 502, 503, 504);
    }

    private static RouteHandlerBuilder Say(this RouteHandlerBuilder route, string tag, string summary) => route.WithTags(tag).WithSummary(summary);

    private static RouteHandlerBuilder Asks(this RouteHandlerBuilder route, string name, string description) => route.WithMetadata(new QueryMetadata(name, description));

    private static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route, params string[] contentTypes) => route.WithMetadata(new BodyMetadata(typeof(T), contentTypes));

    private static RouteHandlerBuilder Changes(this RouteHandlerBuilder route, int success) =>
        route.WithMetadata(new ChangeMetadata(success)).Problems(400, 409, 413, 422);

    private static RouteHandlerBuilder Problems(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses)
            route.Produces<ProblemDetails>(status, Problem.MediaType);
        return route;
    }
}
