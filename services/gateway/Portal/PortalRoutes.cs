using HmsMesh.Gateway.Problems;
using HmsMesh.Kit;

namespace HmsMesh.Gateway.Portal;

/// <summary>The portal: one page whose modules show what its address names.</summary>
internal static class PortalRoutes
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Pages = ["/", "/claim", "/claims", "/payee", "/messages", "/afrh", "/metrics", "/payments", "/api-docs"];

    public static IServiceCollection AddPortal(this IServiceCollection services) => services.AddSingleton<DesignSystem>();

    public static void MapPortal(this IEndpointRouteBuilder app)
    {
        foreach (var page in Pages)
            app.MapMethods(page, Read, Page).Public().ExcludeFromDescription();
        app.MapMethods("/assets/{**name}", Read, File).Public().ExcludeFromDescription();
        DesignSystem.Map(app);
        app.MapMethods("/favicon.ico", Read, Icon).Public().ExcludeFromDescription();
        app.MapFallback("/{**path}", NotThereAsync).Public().ExcludeFromDescription();
    }

    private static IResult Page(HttpContext http, DesignSystem look) => Assets.Send(http, Assets.Shell(look.Version));

    private static IResult File(HttpContext http, string name) => Assets.Find(name) is { } asset ? Assets.Send(http, asset) : TypedResults.NotFound();

    private static IResult Icon(HttpContext http) => File(http, "icon.svg");

    private static async Task NotThereAsync(HttpContext http, DesignSystem look)
    {
        var isPage = HttpMethods.IsGet(http.Request.Method) && !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        if (!isPage)
        {
            await http.TellAsync(StatusCodes.Status404NotFound, "Nothing is here", "There is nothing at this address. GET /openapi/v1.json lists what there is.");
            return;
        }

        http.Response.StatusCode = StatusCodes.Status404NotFound;
        var shell = Assets.Shell(look.Version);
        http.Response.ContentType = shell.ContentType;
        await http.Response.Body.WriteAsync(shell.Content, http.RequestAborted);
    }
}
