using System.Diagnostics.CodeAnalysis;

namespace HmsMesh.Sidecar.Api;

/// <summary>The API's routes: literal segments, {name} for one segment, {*name} for the rest (which may hold slashes).</summary>
internal sealed class ApiRouter
{
    private readonly List<CompiledRoute> _routes = [];

    /// <summary>Adds a route. <paramref name="pattern"/> starts with the version: /v1.0/publish/{pubsub}/{*topic}.</summary>
    public void Map(string method, string pattern, string? name, ApiHandler handler, bool traced = true, bool token = true)
    {
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var version = segments[0];
        _routes.Add(new(new ApiRoute(method, pattern, handler, name, version, traced, token), segments));
    }

    /// <summary>Finds the route of a path as it was sent (escapes and all). False with <paramref name="pathKnown"/>: another method has it.</summary>
    public bool TryMatch(string method, ReadOnlySpan<char> path, [NotNullWhen(true)] out ApiRoute? route, out RouteValues values, out bool pathKnown)
    {
        route = null;
        values = default;
        pathKnown = false;
        foreach (var candidate in _routes)
        {
            if (!candidate.TryMatch(path, out var found))
            {
                continue;
            }

            pathKnown = true;
            if (candidate.Route.Method == "*" || string.Equals(candidate.Route.Method, method, StringComparison.Ordinal))
            {
                route = candidate.Route;
                values = found;
                return true;
            }
        }

        return false;
    }
}
