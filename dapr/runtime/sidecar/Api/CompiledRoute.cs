namespace HmsMesh.Sidecar.Api;

/// <summary>A route's pattern, split once; matched against the path without allocating but for the values.</summary>
internal sealed class CompiledRoute(ApiRoute route, string[] segments)
{
    public ApiRoute Route { get; } = route;

    public bool TryMatch(ReadOnlySpan<char> path, out RouteValues values)
    {
        values = default;
        var rest = path is ['/', ..] ? path[1..] : path;
        foreach (var segment in segments)
        {
            if (segment.StartsWith("{*", StringComparison.Ordinal))
            {
                return !rest.IsEmpty && values.TryAdd(segment[2..^1], rest.ToString());
            }

            var slash = rest.IndexOf('/');
            var part = slash < 0 ? rest : rest[..slash];
            if (part.IsEmpty)
            {
                return false;
            }

            if (segment[0] != '{')
            {
                if (!part.SequenceEqual(segment))
                {
                    return false;
                }
            }
            else if (!values.TryAdd(segment[1..^1], part.ToString()))
            {
                return false;
            }

            rest = slash < 0 ? default : rest[(slash + 1)..];
        }

        return rest.IsEmpty;
    }
}
