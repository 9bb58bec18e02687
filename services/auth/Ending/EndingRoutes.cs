using HmsMesh.Kit;

namespace HmsMesh.Auth.Ending;

/// <summary>What ends a session.</summary>
internal static class EndingRoutes
{
    private static readonly string[] Both = [HttpMethods.Get, HttpMethods.Post];

    public static void MapEnding(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var guard = services.GetRequiredService<Guard>();
        app.MapPost(RevokeEndpoint.Path, guard.Of(services.GetRequiredService<RevokeEndpoint>().HandleAsync)).Public();
        app.MapMethods(EndSessionEndpoint.Path, Both, guard.Of(services.GetRequiredService<EndSessionEndpoint>().HandleAsync)).Public();
    }
}
