using HmsMesh.Sidecar.Api;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>The trace that an envelope carries: the call's, where its caller gave one or it is sampled; else none.</summary>
internal readonly record struct CallTrace(string Parent, string State)
{
    private const int MaxState = 512;

    public static CallTrace Of(ApiCall call, bool child = false)
    {
        if (call.Caller is null && !call.Span.Sampled)
        {
            return new("", "");
        }

        var state = call.Caller is null ? "" : call.Request.Headers.TraceState.ToString();
        return new((child ? call.Span.NewSpan() : call.Span).TraceParent, state.Length <= MaxState ? state : "");
    }
}
