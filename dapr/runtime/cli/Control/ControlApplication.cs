using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HmsMesh.Cli.Control;

/// <summary>Turns a request into an answer, and a problem into its sentence.</summary>
internal sealed class ControlApplication(ControlRoutes routes) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing of it lasts.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await routes.HandleAsync(context);
        }
        catch (MeshException problem) when (!context.Response.HasStarted)
        {
            await SayAsync(context, problem.Message, problem.ExitCode);
        }
        catch (Exception problem) when (problem is HmsMesh.Sidecar.SidecarException or HmsMesh.Broker.BrokerException && !context.Response.HasStarted)
        {
            await SayAsync(context, problem.Message, ExitCode.Failed);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
        catch (OperationCanceledException) when (!context.Response.HasStarted)
        {
            await SayAsync(context, "the mesh ends, and does nothing new.", ExitCode.Failed);
        }
    }

    private static Task SayAsync(HttpContext context, string error, int exitCode)
    {
        context.Response.StatusCode = StatusCodes.Status409Conflict;
        context.Response.Headers[ControlServer.ProblemHeader] = "1";
        return context.Response.WriteAsJsonAsync(new ControlProblem(error, exitCode), ControlJson.Default.ControlProblem, cancellationToken: context.RequestAborted);
    }
}
