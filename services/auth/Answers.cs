using System.Text.Json.Nodes;

namespace HmsMesh.Auth;

/// <summary>How answers leave.</summary>
internal static class Answers
{
    public static Task JsonAsync(this HttpContext http, JsonObject body, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString(), http.RequestAborted);
    }

    public static Task ErrorAsync(this HttpContext http, OAuthError error)
    {
        if (error.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"auth\"";
        return http.JsonAsync(new JsonObject { ["error"] = error.Code, ["error_description"] = error.Description }, error.Status);
    }

    public static void NoStore(this HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
    }
}
