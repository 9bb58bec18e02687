using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HmsMesh.Sidecar.Api;

/// <summary>One context a connection, used again for each of its calls.</summary>
internal static class ContextReuse
{
    public static DefaultHttpContext Take(IFeatureCollection features)
    {
        if (features is not IHostContextContainer<DefaultHttpContext> container)
        {
            return new DefaultHttpContext(features);
        }

        if (container.HostContext is not { } context)
        {
            return container.HostContext = new DefaultHttpContext(features);
        }

        context.Initialize(features);
        return context;
    }
}
