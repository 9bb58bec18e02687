using Dapr;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Dapr in an app's pipeline.</summary>
public static class DaprApplicationBuilderExtensions
{
    /// <summary>Takes the envelope off CloudEvents.</summary>
    public static IApplicationBuilder UseCloudEvents(this IApplicationBuilder builder) => UseCloudEvents(builder, new CloudEventsMiddlewareOptions());

    /// <summary>Takes the envelope off CloudEvents.</summary>
    public static IApplicationBuilder UseCloudEvents(this IApplicationBuilder builder, CloudEventsMiddlewareOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        return builder.UseMiddleware<CloudEventsMiddleware>(options);
    }
}
