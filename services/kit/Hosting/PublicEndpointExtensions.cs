using Microsoft.AspNetCore.Builder;

namespace HmsMesh.Kit;

/// <summary>Endpoints that anyone on the machine may call.</summary>
public static class PublicEndpointExtensions
{
    /// <summary>Lifts the check of the app token, such as for a page.</summary>
    public static T Public<T>(this T endpoint)
        where T : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(PublicMetadata.Instance));
        return endpoint;
    }
}
