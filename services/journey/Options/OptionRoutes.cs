using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Journey.Options;

/// <summary>The options as data, open to all like the page.</summary>
internal static class OptionRoutes
{
    public static void MapOptions(this IEndpointRouteBuilder app)
    {
        app.MapGet("/options", ListAsync).Public();
        app.MapGet("/capacity", ListAsync).Public();
    }

    private static async Task<Ok<List<Option>>> ListAsync(HttpContext context, IWorkshop workshop, CancellationToken ct)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await workshop.OptionsAsync(ct));
    }
}
