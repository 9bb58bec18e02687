using System.Security.Cryptography;
using System.Text;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Invocation.Names;
using HmsMesh.Sidecar.Invocation.Request;
using HmsMesh.Sidecar.Observability;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Invocation.Internal;

/// <summary>Calls from sidecars of other processes: lets in who knows the token and means this app, and asks the app.</summary>
internal sealed class InternalCalls(SidecarRuntime runtime, ICallee app, NamesToken token) : IHttpApplication<DefaultHttpContext>
{
    private readonly ILogger _log = runtime.Logger("dapr.runtime.internal");
    private readonly TraceSampler _sampler = new(runtime.Resources.Configuration.SamplingRate);

    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures) => ContextReuse.Take(contextFeatures);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();

    public async Task ProcessRequestAsync(DefaultHttpContext context)
    {
        try
        {
            if (!IsTrusted(context.Request.Headers))
            {
                // Not a word to who has no business here.
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.Connection = "close";
                await FaultAsync(context, new(FaultKind.Unavailable, "unauthenticated: the token of this sidecar's names is another")).ConfigureAwait(false);
            }
            else if (context.Request.Headers[SidecarHeaders.App] != runtime.Options.AppId)
            {
                await FaultAsync(context, new(FaultKind.Unavailable, "this is the sidecar of another app")).ConfigureAwait(false);
            }
            else
            {
                await CallAsync(context).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is ConnectionResetException or ConnectionAbortedException || context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception failure)
        {
            if (failure is not (BadHttpRequestException or HttpRequestException or IOException))
            {
                Log.CallFailed(_log, failure, context.Request.Method, context.Request.Path.Value);
            }

            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            await FaultAsync(context, new(FaultKind.App, failure is BadHttpRequestException or HttpRequestException or IOException ? failure.Message : "internal error"))
                .ConfigureAwait(false);
        }
    }

    private async ValueTask CallAsync(DefaultHttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var span = TraceContext.TryParse(context.Request.Headers.TraceParent, out var parent) ? parent.NewSpan() : TraceContext.NewTrace(_sampler);
        using var body = await CallBody.TakeAsync(context, mayRepeat: false).ConfigureAwait(false);
        var request = new CallRequest(context.Request, query < 0 ? target : target[..query], body, span)
        {
            FromSidecar = true,
            TraceState = context.Request.Headers.TraceState,
        };
        using var outcome = await app.CallAsync(request, context.RequestAborted).ConfigureAwait(false);
        if (outcome.Fault is { } fault)
        {
            await FaultAsync(context, fault).ConfigureAwait(false);
            return;
        }

        await AnswerRelay.RelayAsync(outcome, context, toApp: false, context.RequestAborted).ConfigureAwait(false);
    }

    private bool IsTrusted(IHeaderDictionary headers)
    {
        if (headers[SidecarHeaders.Token] is not [{ Length: > 0 and < 256 } shown] || token.Bytes() is not { } known)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[256 * 3];
        var trusted = CryptographicOperations.FixedTimeEquals(bytes[..Encoding.UTF8.GetBytes(shown, bytes)], known);
        if (!trusted)
        {
            token.Doubt();
        }

        return trusted;
    }

    private static ValueTask FaultAsync(DefaultHttpContext context, CallFault fault)
    {
        var text = Encoding.UTF8.GetBytes(fault.Message);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        context.Response.Headers[SidecarHeaders.Fault] = fault.Kind.ToString();
        context.Response.ContentLength = text.Length;
        return new(context.Response.Body.WriteAsync(text, context.RequestAborted).AsTask());
    }
}
