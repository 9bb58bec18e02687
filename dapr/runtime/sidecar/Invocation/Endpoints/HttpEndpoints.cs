using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Invocation.Endpoints;

/// <summary>The HTTPEndpoint resources of a sidecar, and the addresses that are called by their URL.</summary>
internal sealed class HttpEndpoints(SidecarRuntime runtime) : IDisposable
{
    private const string Tls = "clientTLS ";
    private const int MostUrls = 256;
    private readonly ILogger _log = runtime.Logger("dapr.runtime.httpendpoints");
    private readonly ConcurrentDictionary<string, HttpEndpoint> _urls = new(StringComparer.Ordinal);
    private volatile Dictionary<string, Named> _named = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _named.Keys;

    public HttpEndpoint? Find(string name) => _named.GetValueOrDefault(name)?.Channel;

    /// <summary>An endpoint's base URL; null where there is none of the name.</summary>
    public string? BaseOf(string name) => _named.GetValueOrDefault(name)?.Root;

    /// <summary>An address that a caller names by its URL.</summary>
    public HttpEndpoint Open(string url)
    {
        if (_urls.TryGetValue(url, out var known))
        {
            return known;
        }

        if (_urls.Count >= MostUrls)
        {
            // Calls under way keep their connections to the end.
            _urls.Clear();
        }

        return _urls.GetOrAdd(url, static root => new HttpEndpoint(root, []));
    }

    /// <summary>Takes the resources as they are now; what didn't change goes on with its connections.</summary>
    public async ValueTask ReloadAsync(CancellationToken cancellationToken)
    {
        var before = _named;
        var now = new Dictionary<string, Named>(StringComparer.Ordinal);
        foreach (var resource in runtime.Resources.HttpEndpoints)
        {
            if (before.TryGetValue(resource.Name, out var known) && known.Text == resource.Text)
            {
                now[resource.Name] = known;
            }
            else if (await MakeAsync(resource, cancellationToken).ConfigureAwait(false) is { } made)
            {
                now[resource.Name] = made;
            }
            else if (known is not null)
            {
                // It goes on as it was; the log says why.
                now[resource.Name] = known;
            }
        }

        _named = now;
    }

    public void Dispose()
    {
        foreach (var endpoint in _named.Values.Select(static named => named.Channel).Concat(_urls.Values))
        {
            endpoint.Dispose();
        }
    }

    private async ValueTask<Named?> MakeAsync(HttpEndpointResource resource, CancellationToken cancellationToken)
    {
        try
        {
            var spec = resource.Spec;
            var root = GivenPorts.Translate(spec.Text("baseUrl") ?? "", runtime.Options.Environment);
            if (!Uri.TryCreate(root, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            {
                throw spec.Fault("baseUrl", $"must be a URL of http or https, and is '{root}'");
            }

            var items = spec.Maps("headers").Select(static header => Item(header.Text("name") ?? throw header.Fault("name", "is missing"), header)).ToList();
            if (spec.Map("clientTLS") is { } tls)
            {
                items.AddRange(((string[])["rootCA", "certificate", "privateKey"]).Where(tls.Has).Select(name => Item(Tls + name, tls.Map(name))));
            }

            var values = await new MetadataResolver(runtime.Options, runtime.Components, _log).ResolveAsync(
                new ComponentResource { Source = resource.Source, Name = resource.Name, Type = "HTTPEndpoint", Items = items, SecretStore = resource.SecretStore },
                cancellationToken).ConfigureAwait(false);
            if (values is null)
            {
                throw new SidecarException($"its secret store '{resource.SecretStore}' is not open");
            }

            return new(resource.Text, root, Endpoint(root, items, values));
        }
        catch (Exception failure) when (failure is SidecarException or CryptographicException)
        {
            Log.EndpointLeftOut(_log, resource.Source.ToString(), resource.Name, failure.Message);
            return null;
        }
    }

    private static MetadataItem Item(string name, YamlMap? from)
    {
        var secret = from?.Map("secretKeyRef");
        return new(name, from?.Text("value"), secret?.Text("name"), secret?.Text("key"), from?.Text("envRef"));
    }

    private static HttpEndpoint Endpoint(string root, List<MetadataItem> items, IReadOnlyDictionary<string, string> values)
    {
        X509Certificate2Collection? authority = null;
        if (values.GetValueOrDefault(Tls + "rootCA") is { Length: > 0 } roots)
        {
            authority = [];
            authority.ImportFromPem(roots);
        }

        var certificate = values.GetValueOrDefault(Tls + "certificate") is { Length: > 0 } shown
            ? X509Certificate2.CreateFromPem(shown, values.GetValueOrDefault(Tls + "privateKey") ?? "")
            : null;
        return new(
            root,
            [.. items.Where(static item => !item.Name.StartsWith(Tls, StringComparison.Ordinal)).Select(item => KeyValuePair.Create(item.Name, values[item.Name]))],
            authority,
            certificate);
    }

    private sealed record Named(string Text, string Root, HttpEndpoint Channel);
}
