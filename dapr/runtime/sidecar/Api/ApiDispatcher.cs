using System.Text;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Invocation.Request;
using HmsMesh.Sidecar.Observability;
using HmsMesh.Sidecar.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Api;

/// <summary>One pass over a call: route, trace, token, handler, and what became of it.</summary>
internal sealed class ApiDispatcher(SidecarRuntime runtime, ApiRouter router) : IHttpApplication<DefaultHttpContext>
{
    private static readonly byte[] BadRequest = "400 Bad Request\n"u8.ToArray();
    private static readonly byte[] NotFound = "404 page not found\n"u8.ToArray();
    private static readonly byte[] InvalidToken = "invalid api token\n"u8.ToArray();
    private readonly ILogger _log = runtime.Logger("dapr.runtime.http");
    private readonly ApiToken? _token = ApiToken.Of(runtime.Options.ApiToken);
    private readonly TraceSampler _sampler = new(runtime.Resources.Configuration.SamplingRate);
    private readonly bool _logCalls = runtime.Options.EnableApiLogging;

    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures) => ContextReuse.Take(contextFeatures);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();

    public async Task ProcessRequestAsync(DefaultHttpContext context)
    {
        var started = _logCalls ? runtime.Time.GetTimestamp() : 0;
        if (!SentPath.TryClean(SentPath.Of(context), out var path))
        {
            await PlainAsync(context, StatusCodes.Status400BadRequest, BadRequest).ConfigureAwait(false);
            return;
        }

        var found = router.TryMatch(context.Request.Method, path, out var route, out var values);
        TraceContext? caller = null;
        TraceContext span = default;
        if (!found || route!.Traced)
        {
            (caller, span) = Trace(context);
        }

        try
        {
            if (_token is not null && (!found || route!.Token) && !_token.Matches(context.Request.Headers))
            {
                await PlainAsync(context, StatusCodes.Status401Unauthorized, InvalidToken).ConfigureAwait(false);
            }
            else if (!found)
            {
                await PlainAsync(context, StatusCodes.Status404NotFound, NotFound).ConfigureAwait(false);
            }
            else
            {
                var call = new ApiCall(context, values, caller, span);
                await route!.Handler(call).ConfigureAwait(false);
                if (call.IsTooLarge)
                {
                    Log.TooLarge(_log, context.Request.Method, context.Request.Path.Value, runtime.Options.MaxBodySize);
                }
            }
        }
        catch (Exception failure) when (IsCallerGone(context, failure))
        {
            // Nobody is left to answer; what the call had done, stays done.
            context.Abort();
        }
        catch (Exception failure) when (Answerable(context, failure) is { } fault)
        {
            await new ApiCall(context, values, caller, span).FailAsync(fault).ConfigureAwait(false);
        }
        finally
        {
            if (_logCalls)
            {
                Log.Called(_log, context.Request.Method, context.Request.Path.Value, context.Response.StatusCode,
                    runtime.Time.GetElapsedTime(started).TotalMilliseconds);
            }
        }
    }

    private static Task PlainAsync(DefaultHttpContext context, int status, byte[] text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentLength = text.Length;
        return context.Response.Body.WriteAsync(text, context.RequestAborted).AsTask();
    }

    private (TraceContext? Caller, TraceContext Span) Trace(DefaultHttpContext context)
    {
        var headers = context.Request.Headers;
        TraceContext? caller = TraceContext.TryParse(headers.TraceParent, out var parsed) ? parsed : null;
        var span = caller is { } parent ? parent.NewSpan() : TraceContext.NewTrace(_sampler);
        context.Response.Headers.TraceParent = span.TraceParent;
        if (headers[ForwardedHeaders.Baggage] is { Count: > 0 } baggage && Ascii.IsValid(baggage.ToString()))
        {
            context.Response.Headers[ForwardedHeaders.Baggage] = baggage;
        }

        if (caller is not null && headers.TraceState is { Count: 1 } state && Ascii.IsValid(state[0]))
        {
            context.Response.Headers.TraceState = state;
        }

        return (caller, span);
    }

    private static bool IsCallerGone(DefaultHttpContext context, Exception failure) =>
        failure is ConnectionResetException or ConnectionAbortedException
        || (context.RequestAborted.IsCancellationRequested && failure is OperationCanceledException or IOException);

    /// <summary>The fault to answer with; null where the answer has begun.</summary>
    private ApiFault? Answerable(DefaultHttpContext context, Exception failure)
    {
        if (failure is BadHttpRequestException bad)
        {
            return context.Response.HasStarted ? null : new ApiFault(bad.StatusCode, "ERR_MALFORMED_REQUEST", bad.Message);
        }

        if (failure is IOException { InnerException: OverflowException })
        {
            // What Kestrel throws, instead of its own exception, at a chunk whose length has too many digits.
            return context.Response.HasStarted ? null : new ApiFault(StatusCodes.Status400BadRequest, "ERR_MALFORMED_REQUEST", failure.Message);
        }

        Log.Failed(_log, failure, context.Request.Method, context.Request.Path.Value);
        return context.Response.HasStarted ? null : new ApiFault(StatusCodes.Status500InternalServerError, "ERR_INTERNAL", "internal error");
    }
}
