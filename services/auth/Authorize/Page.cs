using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;

namespace HmsMesh.Auth.Authorize;

/// <summary>The pages of the sign-in: plain HTML, no script at all.</summary>
internal static class Page
{
    public const string StylePath = "/sign-in.css";
    private static readonly byte[] Style = Load("sign-in.css");

    public static Task SignInAsync(
        HttpContext http, int status, Texts texts, string client, string redirect, string carried, AntiforgeryTokenSet tokens, string? message)
    {
        var alert = message is null ? "" : $"""<p id="fault" class="fault" role="alert">{Encode(message)}</p>""";
        var described = message is null ? "" : """ aria-invalid="true" aria-describedby="fault" """;
        var main = $"""
            <h1>{Encode(texts.Title)}</h1>
            <p class="lead">{Encode(texts.Continue(client))}</p>
            {alert}
            <form method="post" action="{AuthorizeEndpoint.SignInPath}">
            <input type="hidden" name="{Encode(tokens.FormFieldName)}" value="{Encode(tokens.RequestToken!)}">
            <input type="hidden" name="request" value="{Encode(carried)}">
            <label for="username">{Encode(texts.NameLabel)}</label>
            <input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" required autofocus{described}>
            <label for="password">{Encode(texts.SecretLabel)}</label>
            <input id="password" name="password" type="password" autocomplete="current-password" maxlength="128" required{described}>
            <button>{Encode(texts.Submit)}</button>
            </form>
            """;

        // Browsers hold the form's policy against the redirect that answers it, too.
        return WriteAsync(http, status, texts, texts.Title, main, new Uri(redirect).GetLeftPart(UriPartial.Authority));
    }

    public static Task MessageAsync(HttpContext http, int status, Texts texts, string title, string text) =>
        WriteAsync(http, status, texts, title, $"<h1>{Encode(title)}</h1>\n<p>{Encode(text)}</p>", formTarget: null);

    public static async Task StyleAsync(HttpContext http)
    {
        http.Response.ContentType = "text/css; charset=utf-8";
        http.Response.Headers.CacheControl = "max-age=300";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await http.Response.Body.WriteAsync(Style, http.RequestAborted);
    }

    private static Task WriteAsync(HttpContext http, int status, Texts texts, string title, string main, string? formTarget)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; form-action {(formTarget is null ? "'none'" : $"'self' {formTarget}")}; base-uri 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.ContentLanguage = texts.Language;
        return response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="{texts.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Encode(title)}</title>
            <link rel="stylesheet" href="{StylePath}">
            </head>
            <body>
            <header>
            <p class="banner">{Encode(texts.Demonstration)}</p>
            <p class="brand"><strong>HmsMesh</strong> {Encode(texts.Brand)}</p>
            </header>
            <main>
            {main}
            </main>
            </body>
            </html>
            """,
            http.RequestAborted);
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private static byte[] Load(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
