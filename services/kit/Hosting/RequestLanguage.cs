using Microsoft.AspNetCore.Http;

namespace HmsMesh.Kit;

/// <summary>Services speak English and Spanish.</summary>
public static class RequestLanguage
{
    /// <summary>Whether Spanish is asked for first: by <paramref name="locales"/> (OpenID Connect's ui_locales) where there are any, else by
    /// Accept-Language (RFC 9110, section 12.5.4).</summary>
    public static bool PrefersSpanish(this HttpRequest request, string? locales = null)
    {
        var first = locales ?? request.GetTypedHeaders().AcceptLanguage.OrderByDescending(static l => l.Quality ?? 1).FirstOrDefault()?.Value.ToString() ?? "";
        return first.Trim().StartsWith("es", StringComparison.OrdinalIgnoreCase);
    }
}
