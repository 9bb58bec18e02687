using System.Text.Encodings.Web;

namespace HmsMesh.Journey.Page;

/// <summary>The frame of every page here.</summary>
internal static class HtmlPage
{
    /// <summary>Nothing from elsewhere, nothing inline, in no frame.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    public static IResult Answer(HttpContext context, int status, string title, string main, bool live)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        var script = live ? $"""<script type="module" src="{Assets.Script}"></script>""" : "";
        return TypedResults.Text(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Encode(title)}</title>
            <link rel="icon" href="{Assets.Icon}" type="image/svg+xml">
            <link rel="stylesheet" href="{Assets.Style}">
            {script}
            </head>
            <body>
            <a class="skip" href="#main">Skip to main content</a>
            <header><p><a href="/">Armed Forces Retirement Home</a></p></header>
            <main id="main" tabindex="-1">
            {main}
            </main>
            <footer><p>A demonstration of HmsMesh. It is not a service of the AFRH, and its bed counts are made up.</p></footer>
            </body>
            </html>
            """,
            "text/html; charset=utf-8",
            statusCode: status);
    }
}
