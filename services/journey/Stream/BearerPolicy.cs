using Microsoft.AspNetCore.Routing.Matching;

namespace HmsMesh.Journey.Stream;

/// <summary>Tells apart two endpoints at one address by whether the caller shows a token.</summary>
internal sealed class BearerPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(e => e.Metadata.GetMetadata<BearerMetadata>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var shown = httpContext.Request.Headers.Authorization.Count > 0;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates[i].Endpoint.Metadata.GetMetadata<BearerMetadata>() is { } bearer && bearer.WithToken != shown)
                candidates.SetValidity(i, false);
        }

        return Task.CompletedTask;
    }
}
