using Dapr;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Tells the sidecar what the app subscribes to.</summary>
public static class DaprEndpointRouteBuilderExtensions
{
    /// <summary>Maps GET /dapr/subscribe.</summary>
    public static IEndpointConventionBuilder MapSubscribeHandler(this IEndpointRouteBuilder endpoints) => MapSubscribeHandler(endpoints, null!);

    /// <summary>Maps GET /dapr/subscribe.</summary>
    public static IEndpointConventionBuilder MapSubscribeHandler(this IEndpointRouteBuilder endpoints, SubscribeOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapGet("dapr/subscribe", (RequestDelegate)(context =>
        {
            var services = context.RequestServices;
            var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Dapr.Subscriptions");
            var routes = services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(SubscriptionList.Of(routes, options?.EnableRawPayload == true, log), context.RequestAborted);
        }));
    }
}
