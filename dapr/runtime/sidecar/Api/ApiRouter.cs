using System.Diagnostics.CodeAnalysis;
using HmsMesh.Sidecar.Security;

namespace HmsMesh.Sidecar.Api;

/// <summary>The API's routes: literal segments, {name} for one segment, {*name} for the rest (which may hold slashes).</summary>
internal sealed class ApiRouter(ApiAccessFilter access)
{
    private readonly List<CompiledRoute> _routes = [];
    private ApiRoute? _fallback;

    /// <summary>Adds a route. <paramref name="pattern"/> starts with the version: /v1.0/publish/{pubsub}/{*topic}. The first that
    /// matches takes a call.</summary>
    /// <param name="name">What an api allow list calls the building block, such as publish; null: never denied.</param>
    /// <param name="traced">Whether a call gets a span, and its answer a traceparent header.</param>
    /// <param name="token">Whether the API token is asked for.</param>
    public void Map(string method, string pattern, string? name, ApiHandler handler, bool traced = true, bool token = true)
    {
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (access.Allows(name, segments[0]))
        {
            _routes.Add(new(new ApiRoute(method, pattern, handler, name, segments[0], traced, token), segments));
        }
    }

    /// <summary>What takes every call that no route takes.</summary>
    public void MapFallback(string name, ApiHandler handler)
    {
        if (access.Allows(name, "v1.0"))
        {
            _fallback = new ApiRoute("*", "*", handler, name, "v1.0");
        }
    }

    /// <summary>Finds the route of a path as it was sent, escapes and all.</summary>
    public bool TryMatch(string method, ReadOnlySpan<char> path, [NotNullWhen(true)] out ApiRoute? route, out RouteValues values)
    {
        // daprd takes a trailing slash away.
        path = path is [.., _, '/'] ? path[..^1] : path;
        foreach (var candidate in _routes)
        {
            if ((candidate.Route.Method == "*" || string.Equals(candidate.Route.Method, method, StringComparison.Ordinal))
                && candidate.TryMatch(path, out values))
            {
                route = candidate.Route;
                return true;
            }
        }

        values = default;
        route = _fallback;
        return route is not null;
    }
}
