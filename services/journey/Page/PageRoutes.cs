using HmsMesh.Journey.Options;
using HmsMesh.Kit;

namespace HmsMesh.Journey.Page;

/// <summary>What a citizen sees. It is rendered here, whole; the script only keeps it up to date.</summary>
internal static class PageRoutes
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPage(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/", Read, HomeAsync).Public();
        app.MapMethods("/apply/{facility}", Read, ApplyAsync).Public();
        app.MapMethods("/assets/{file}", Read, Send).Public();
        // A citizen who mistypes an address is told so, and not that a header is missing.
        app.MapFallback("/{**path}", NoPage).Public();
    }

    private static IResult NoPage(HttpContext context) => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
        ? HtmlPage.Answer(context, StatusCodes.Status404NotFound, "No such page", """
            <h1>No such page</h1>
            <p>There is no page at this address.</p>
            <p><a href="/">See all facilities</a></p>
            """, live: false)
        : TypedResults.NotFound();

    private static async Task<IResult> HomeAsync(HttpContext context, IWorkshop workshop, CancellationToken ct)
    {
        var cards = string.Join('\n', (await workshop.OptionsAsync(ct)).Select(Card));
        return HtmlPage.Answer(context, StatusCodes.Status200OK, "Apply to live at the Armed Forces Retirement Home", $"""
            <h1>Apply to live at the Home</h1>
            <p class="lead">Each facility takes applications while it has beds free. <span id="live">Load this page again to see changes.</span></p>
            <p id="connection" class="connection" role="status"></p>
            <div id="news" class="sr-only" aria-live="polite"></div>
            <ul class="cards">
            {cards}
            </ul>
            """, live: true);
    }

    private static async Task<IResult> ApplyAsync(string facility, HttpContext context, IWorkshop workshop, CancellationToken ct)
    {
        var option = (await workshop.OptionsAsync(ct)).FirstOrDefault(o => string.Equals(o.Facility, facility, StringComparison.Ordinal));
        if (option is null)
        {
            return HtmlPage.Answer(context, StatusCodes.Status404NotFound, "No such facility", """
                <h1>No such facility</h1>
                <p>There is no facility of that name here.</p>
                <p><a href="/">See all facilities</a></p>
                """, live: false);
        }

        var name = HtmlPage.Encode(option.Name);
        if (!option.CanApply)
        {
            return HtmlPage.Answer(context, StatusCodes.Status409Conflict, $"No beds free now: {option.Name}", $"""
                <h1>{name} has no beds free now</h1>
                <p>We are sorry: {name} takes no applications until beds are free again. You have lost nothing, and there is no queue to join here.</p>
                <p><a href="/">See all facilities</a>: the page there changes by itself when beds are free.</p>
                """, live: false);
        }

        return HtmlPage.Answer(context, StatusCodes.Status200OK, $"Apply to {option.Name}", $"""
            <h1>Apply to {name}</h1>
            <p class="lead">{name} has beds free now.</p>
            <p>Applications are taken by the facility itself for now: this page takes none and keeps nothing about you.</p>
            <ol>
            <li>Ask the admissions office of {name} for its application form.</li>
            <li>Have your record of service and your discharge papers at hand.</li>
            <li>Send the form to the admissions office. It decides.</li>
            </ol>
            <p><a href="/">See all facilities</a></p>
            """, live: false);
    }

    private static IResult Send(string file, HttpContext context)
    {
        if (Assets.At($"/assets/{file}") is not { } asset)
            return TypedResults.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(asset.Content, asset.ContentType);
    }

    private static string Card(Option option)
    {
        var facility = HtmlPage.Encode(option.Facility);
        // The same two shapes are made by journey.js when an event passes.
        var action = option.CanApply
            ? $"""<form action="/apply/{facility}"><button aria-describedby="{facility}-name">Apply today</button></form>"""
            : """<p class="full">No beds free now</p>""";
        return $"""
            <li class="card" data-facility="{facility}" data-can-apply="{(option.CanApply ? "true" : "false")}">
            <h2 id="{facility}-name">{HtmlPage.Encode(option.Name)}</h2>
            <p class="place">{HtmlPage.Encode(option.Place)}</p>
            <p>{HtmlPage.Encode(option.About)}</p>
            <div class="action">{action}</div>
            </li>
            """;
    }
}
