using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>The service of the chaos: `mesh chaos-handler PORT FILE BAD-EVERY`. It answers an event once it has written it to its
/// file and synced that; with a BAD-EVERY above zero some events never succeed.</summary>
internal static class ChaosHandler
{
    public const string Name = "chaos-handler";

    public static async Task<int> RunAsync(string[] args)
    {
        var (port, every) = (args[0], int.Parse(args[2], CultureInfo.InvariantCulture));
        using var file = new HandledFile(args[1]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:" + port);
        app.Run(context => HandleAsync(context, file, every));
        await app.RunAsync();
        return ExitCode.Done;
    }

    private static async Task HandleAsync(HttpContext context, HandledFile file, int every)
    {
        if (context.Request.Method != "POST")
        {
            return;
        }

        using var envelope = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var id = envelope.RootElement.GetProperty("id").GetString()!;
        var isBad = every > 0 && KillPlan.IsBad(EventId.Number(id), every);
        await file.WriteAsync(id, isBad);
        if (isBad)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("""{"status":"SUCCESS"}""", context.RequestAborted);
    }
}
