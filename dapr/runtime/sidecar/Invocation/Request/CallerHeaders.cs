using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Invocation.Request;

/// <summary>What a sidecar tells another app of who calls it and by what way.</summary>
internal sealed class CallerHeaders(SidecarOptions options)
{
    public const string CallerApp = "dapr-caller-app-id";
    public const string CallerNamespace = "dapr-caller-namespace";
    public const string CalleeApp = "dapr-callee-app-id";

    private readonly Lazy<HostAddress> _host = new(() => HostAddress.Of(options.Environment));

    public string AppId => options.AppId;

    public string Namespace { get; } = options.Namespace is { Length: > 0 } given ? given : "default";

    public void Add(HttpRequestMessage request, string calleeId)
    {
        var host = _host.Value;
        request.Headers.TryAddWithoutValidation(CallerApp, options.AppId);
        request.Headers.TryAddWithoutValidation(CallerNamespace, Namespace);
        request.Headers.TryAddWithoutValidation(CalleeApp, calleeId);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", host.Address);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host.Name);
        request.Headers.TryAddWithoutValidation("Forwarded", host.Forwarded);
    }
}
