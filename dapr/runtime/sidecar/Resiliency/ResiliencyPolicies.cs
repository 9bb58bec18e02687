using System.Collections.Concurrent;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>
/// What holds for each target of one sidecar: the policies that it names, else those of a reserved name such as DefaultRetryPolicy.
/// A breaker lives as long as this does, one for each target and direction.
/// </summary>
internal sealed class ResiliencyPolicies
{
    public const int MostListed = 100;
    private const string BuiltInInitialization = "DaprBuiltInInitializationRetries";
    private const string BuiltInService = "DaprBuiltInServiceRetries";

    private static readonly string[] BuiltIn =
        [BuiltInService, "DaprBuiltInActorRetries", "DaprBuiltInActorReminderRetries", BuiltInInitialization, "DaprBuiltInActorNotFoundRetries"];

    private readonly ResiliencyDefinitions _definitions = new();
    private readonly ConcurrentDictionary<string, CircuitBreaker> _breakers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<CircuitBreaker, bool> _open = new();
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    public ResiliencyPolicies(IReadOnlyList<ResiliencyResource> resources, TimeProvider time, ILogger log)
    {
        _time = time;
        _log = log;
        _definitions.Retries[BuiltInService] = new(false, TimeSpan.FromSeconds(1), RetryPolicy.DefaultMaxInterval, 3);
        _definitions.Retries[BuiltInInitialization] = new(true, RetryPolicy.InitialInterval, TimeSpan.FromSeconds(1), 3);
        foreach (var resource in resources)
        {
            Log.Loading(log, resource.Name, resource.Source.ToString());
            try
            {
                _definitions.Add(WithMinimum(ResiliencyReader.Read(resource.Spec)));
            }
            catch (SidecarException fault)
            {
                // daprd goes on without a resource that it can't read.
                Log.LeftOut(log, resource.Name, fault.Message);
            }
        }
    }

    /// <summary>The circuits that are not closed now, by target: at most <see cref="MostListed"/>. Callers choose the paths of calls, so those
    /// of components come first, then the newest.</summary>
    public IReadOnlyList<OpenCircuit> OpenCircuits =>
    [
        .. _open.Keys.Select(static breaker => breaker.Open).OfType<OpenCircuit>()
            .OrderByDescending(circuit => _breakers.ContainsKey(circuit.Target)).ThenByDescending(static circuit => circuit.Since).Take(MostListed)
            .OrderBy(static circuit => circuit.Target, StringComparer.Ordinal),
    ];

    /// <summary>How the sidecar asks its app for what it needs at the start.</summary>
    public RetryPolicy Initialization => _definitions.Retries[BuiltInInitialization];

    /// <summary>How a call is made again whose other sidecar couldn't be reached.</summary>
    public RetryPolicy ServiceRetries => _definitions.Retries[BuiltInService];

    /// <summary>Whether an app (or an address that is called like one) has a policy under its own name.</summary>
    public bool HasApp(string app) => _definitions.Apps.ContainsKey(app);

    /// <summary>Whether anything at all holds for calls of an app.</summary>
    public bool CoversApps(string app) => HasApp(app) || AppDefaults is not { Timeout: "", Retry: "", CircuitBreaker: "" };

    private PolicyNames AppDefaults => DefaultNames("App");

    /// <summary>Calls of an app. The breaker is a new one for <paramref name="endpoint"/>; who asks keeps it, and retires it
    /// when it lets go of it.</summary>
    public TargetPolicy App(string app, string endpoint) =>
        Resolve(_definitions.Apps.TryGetValue(app, out var names) ? names : AppDefaults, $"app {app}", settings => Breaker(endpoint, settings));

    /// <summary>Deliveries from a pub/sub component to the app.</summary>
    public TargetPolicy PubSubInbound(string component) =>
        _definitions.Components.TryGetValue(component, out var names)
            ? Resolve(names.Inbound, $"component {component} inbound")
            : Default($"component {component} inbound", "PubsubComponentInbound", "ComponentInbound", "Component");

    /// <summary>Publishes to a pub/sub component.</summary>
    public TargetPolicy PubSubOutbound(string component) =>
        _definitions.Components.TryGetValue(component, out var names)
            ? Resolve(names.Outbound, $"component {component} outbound")
            : Default($"component {component} outbound", "PubsubComponentOutbound", "ComponentOutbound", "Component");

    /// <summary>Calls of a state store.</summary>
    public TargetPolicy StateOutbound(string component) =>
        _definitions.Components.TryGetValue(component, out var names)
            ? Resolve(names.Outbound, $"component {component} outbound")
            : Default($"component {component} outbound", "StatestoreComponentOutbound", "ComponentOutbound", "Component");

    private TargetPolicy Default(string target, params ReadOnlySpan<string> levels) => Resolve(DefaultNames(levels), target);

    private PolicyNames DefaultNames(params ReadOnlySpan<string> levels) => new(
        Reserved("TimeoutPolicy", levels, _definitions.Timeouts),
        Reserved("RetryPolicy", levels, _definitions.Retries),
        Reserved("CircuitBreakerPolicy", levels, _definitions.Breakers));

    private static string Reserved<T>(string kind, ReadOnlySpan<string> levels, Dictionary<string, T> defined)
    {
        foreach (var level in levels)
        {
            if (defined.ContainsKey($"Default{level}{kind}"))
            {
                return $"Default{level}{kind}";
            }
        }

        return defined.ContainsKey($"Default{kind}") ? $"Default{kind}" : "";
    }

    private TargetPolicy Resolve(PolicyNames names, string target) =>
        Resolve(names, target, settings => _breakers.GetOrAdd(target, static (key, state) => state.Self.Breaker(key, state.settings), (Self: this, settings)));

    private CircuitBreaker Breaker(string target, BreakerSettings settings) => new(target, settings, _time, _log, Turned);

    private void Turned(CircuitBreaker breaker, bool open)
    {
        if (open)
        {
            _open[breaker] = true;
        }
        else
        {
            _open.TryRemove(breaker, out _);
        }
    }

    private TargetPolicy Resolve(PolicyNames names, string target, Func<BreakerSettings, CircuitBreaker> make)
    {
        TimeSpan? timeout = Find(_definitions.Timeouts, names.Timeout, "timeout", target, out var found) ? found : null;
        Find(_definitions.Retries, names.Retry, "retry", target, out var retry);
        var breaker = Find(_definitions.Breakers, names.CircuitBreaker, "circuitBreaker", target, out var settings) ? make(settings!) : null;
        return new(timeout, retry, breaker);
    }

    private bool Find<T>(Dictionary<string, T> defined, string name, string kind, string target, out T? value)
    {
        if (name.Length == 0)
        {
            value = default;
            return false;
        }

        if (defined.TryGetValue(name, out value))
        {
            return true;
        }

        Log.Undefined(_log, target, kind, name);
        return false;
    }

    /// <summary>Policies of the built-in names may be replaced, but not with fewer than three retries.</summary>
    private ResiliencyDefinitions WithMinimum(ResiliencyDefinitions read)
    {
        foreach (var name in BuiltIn)
        {
            if (read.Retries.TryGetValue(name, out var policy) && policy.MaxRetries < 3)
            {
                Log.TooFewRetries(_log, name);
                read.Retries[name] = policy with { MaxRetries = 3 };
            }
        }

        return read;
    }
}
