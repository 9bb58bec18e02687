using HmsMesh.Kit;

namespace HmsMesh.Auth.Authorize;

/// <summary>The sign-in.</summary>
internal static class AuthorizeRoutes
{
    private static readonly string[] Both = [HttpMethods.Get, HttpMethods.Post];

    public static void MapAuthorize(this IEndpointRouteBuilder app)
    {
        var guard = app.ServiceProvider.GetRequiredService<Guard>();
        var endpoint = app.ServiceProvider.GetRequiredService<AuthorizeEndpoint>();
        app.MapMethods(AuthorizeEndpoint.Path, Both, guard.Of(endpoint.ShowAsync)).Public();
        app.MapPost(AuthorizeEndpoint.SignInPath, guard.Of(endpoint.TakeAsync)).Public();
        app.MapGet(Page.StylePath, Page.StyleAsync).Public();
    }
}
