using System.Globalization;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>Reads the spec of a Resiliency resource. Throws <see cref="SidecarException"/> with the place of a fault.</summary>
internal static class ResiliencyReader
{
    public static ResiliencyDefinitions Read(YamlMap spec)
    {
        var read = new ResiliencyDefinitions();
        if (spec.Map("policies") is { } policies)
        {
            Each(policies, "timeouts", (map, name) => read.Timeouts[name] = Duration(map, name) ?? throw map.Fault(name, "must be a duration"));
            EachMap(policies, "retries", (name, map) => read.Retries[name] = Retry(map));
            EachMap(policies, "circuitBreakers", (name, map) => read.Breakers[name] = Breaker(name, map));
        }

        if (spec.Map("targets") is { } targets)
        {
            EachMap(targets, "apps", (name, map) => read.Apps[name] = Names(map));
            EachMap(targets, "components", (name, map) => read.Components[name] = (Names(map.Map("inbound")), Names(map.Map("outbound"))));
        }

        return read;
    }

    private static RetryPolicy Retry(YamlMap map)
    {
        var exponential = map.Text("policy", "constant").ToUpperInvariant() switch
        {
            "CONSTANT" => false,
            "EXPONENTIAL" => true,
            _ => throw map.Fault("policy", $"must be constant or exponential, and is '{map.Text("policy")}'"),
        };
        var duration = Duration(map, "duration");
        var matching = map.Map("matching");
        if (!StatusRanges.TryParse(matching?.Text("httpStatusCodes"), out var statuses, out var problem))
        {
            throw matching!.Fault("httpStatusCodes", problem!);
        }

        if (!StatusRanges.TryParse(matching?.Text("gRPCStatusCodes"), out _, out problem, lowest: 0, highest: 16))
        {
            throw matching!.Fault("gRPCStatusCodes", problem!);
        }

        return new(
            exponential,
            exponential ? RetryPolicy.InitialInterval : duration ?? RetryPolicy.DefaultDuration,
            Duration(map, "maxInterval") ?? RetryPolicy.DefaultMaxInterval,
            map.Number("maxRetries") ?? -1)
        {
            Matching = statuses,
        };
    }

    private static BreakerSettings Breaker(string name, YamlMap map)
    {
        TripExpression? trip = null;
        if (map.Text("trip") is { Length: > 0 } text && !TripExpression.TryParse(text, out trip, out var problem))
        {
            throw map.Fault("trip", $"is no CEL expression: {problem}");
        }

        return new(
            name,
            Math.Max(map.Number("maxRequests") ?? 1, 1),
            Duration(map, "interval") ?? TimeSpan.Zero,
            Duration(map, "timeout") is { } timeout && timeout > TimeSpan.Zero ? timeout : BreakerSettings.DefaultTimeout,
            trip);
    }

    private static PolicyNames Names(YamlMap? map) =>
        new(map?.Text("timeout") ?? "", map?.Text("retry") ?? "", map?.Text("circuitBreaker") ?? "");

    /// <summary>A duration as Go writes it, or whole milliseconds.</summary>
    private static TimeSpan? Duration(YamlMap map, string key) =>
        long.TryParse(map.Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : map.Duration(key);

    private static void Each(YamlMap parent, string key, Action<YamlMap, string> read)
    {
        if (parent.Map(key) is { } map)
        {
            foreach (var name in map.Keys)
            {
                read(map, name);
            }
        }
    }

    private static void EachMap(YamlMap parent, string key, Action<string, YamlMap> read) =>
        Each(parent, key, (map, name) =>
        {
            if (map.Map(name) is { } item)
            {
                read(name, item);
            }
        });
}
