namespace Dapr.Client;

/// <summary>Sends a request for <c>http://app/path</c> to that app through the sidecar.</summary>
public class InvocationHandler : DelegatingHandler
{
    private const string TokenHeader = "dapr-api-token";
    private string _endpoint = DaprDefaults.GetDefaultHttpEndpoint();

    /// <summary>Where the sidecar is; by default what the environment says.</summary>
    public string DaprEndpoint
    {
        get => _endpoint;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _endpoint = Uri.TryCreate(value, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
                ? value
                : throw new ArgumentException("The Dapr endpoint must be a URL of http or https.", nameof(value));
        }
    }

    /// <summary>The app whose name keeps its case: hosts of addresses lose theirs.</summary>
    public string? DefaultAppId { get; set; }

    internal string? DaprApiToken { get; set; }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var original = request.RequestUri;
        request.RequestUri = Rewrite(original);
        var token = DaprApiToken;
        if (!string.IsNullOrEmpty(token))
        {
            request.Headers.Remove(TokenHeader);
            request.Headers.Add(TokenHeader, token);
        }

        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = original;
            request.Headers.Remove(TokenHeader);
        }
    }

    private Uri Rewrite(Uri? address)
    {
        if (address is not { IsAbsoluteUri: true } || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"The request URI '{address}' names no app: it must be of the form http://app/path.", nameof(address));
        }

        var app = DefaultAppId is { } given && address.Host.Equals(given, StringComparison.OrdinalIgnoreCase) ? given : address.Host;
        return new Uri(new Uri(_endpoint), $"/v1.0/invoke/{app}/method{address.PathAndQuery}");
    }
}
