using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace HmsMesh.Kit;

/// <summary>Lets through who shows the app token; on every route, known or not, but those marked public.</summary>
internal sealed class AppTokenMiddleware(RequestDelegate next, MeshSettings settings)
{
    public const string HeaderName = "dapr-api-token";

    // Hashes have one length: the comparison tells nothing, not even how long the token is.
    private readonly byte[]? _expected = settings.AppToken is { } token ? SHA256.HashData(Encoding.UTF8.GetBytes(token)) : null;

    public Task InvokeAsync(HttpContext http)
    {
        if (_expected is null || http.GetEndpoint()?.Metadata.GetMetadata<PublicMetadata>() is not null || Shows(http.Request.Headers[HeaderName]))
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return http.Response.WriteAsync($"This route needs the header {HeaderName}.\n", http.RequestAborted);
    }

    private bool Shows(StringValues values)
    {
        if (values.Count != 1 || values[0] is not { Length: <= 1024 } shown)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(shown), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _expected);
    }
}
