using HmsMesh.Kit;

namespace HmsMesh.Auth.Grants;

/// <summary>The token endpoint.</summary>
internal static class TokenRoutes
{
    public static void MapTokens(this IEndpointRouteBuilder app)
    {
        var guard = app.ServiceProvider.GetRequiredService<Guard>();
        app.MapPost(TokenEndpoint.Path, guard.Of(app.ServiceProvider.GetRequiredService<TokenEndpoint>().HandleAsync)).Public();
    }
}
