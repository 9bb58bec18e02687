using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Invocation.Access;
using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Invocation.Request;

namespace HmsMesh.Sidecar.Invocation;

/// <summary>The app behind this sidecar, called by itself, by a sidecar of the same process, or by one from outside.</summary>
internal sealed class AppCallee : ICallee
{
    private const string Invoking = "error invoking app channel";
    private readonly SidecarRuntime _runtime;
    private readonly AppClient _app;
    private readonly AppHealth _health;
    private readonly CallsUnderWay _underWay;
    private readonly AccessList? _access;
    private readonly CallerHeaders? _caller;
    private readonly string _root;

    public AppCallee(SidecarRuntime runtime, AppClient app, AppHealth health)
        : this(runtime, app, health, new(), AccessList.Of(runtime.Resources.Configuration), null)
    {
    }

    /// <param name="caller">What to add of who calls; null where it was added, or nothing is.</param>
    private AppCallee(SidecarRuntime runtime, AppClient app, AppHealth health, CallsUnderWay underWay, AccessList? access, CallerHeaders? caller)
    {
        (_runtime, _app, _health, _underWay, _access, _caller) = (runtime, app, health, underWay, access, caller);
        _root = app.Base.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>The same app, as another sidecar of this process calls it.</summary>
    public AppCallee CalledBy(CallerHeaders other) => new(_runtime, _app, _health, _underWay, _access, other);

    /// <summary>Waits for the calls under way.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => _underWay.CloseAsync(cancellationToken);

    /// <summary>From now on calls of other sidecars are passed on to another instance; the app's own go on.</summary>
    public void Leave() => _underWay.Leave();

    public async ValueTask<CallOutcome> CallAsync(CallRequest request, CancellationToken cancellationToken)
    {
        _underWay.Begin();
        if (_runtime.Stopping.IsCancellationRequested)
        {
            return Fault(FaultKind.Unavailable, "the sidecar is shutting down");
        }

        var passable = _caller is not null || request.FromSidecar;
        if (passable && _underWay.IsLeaving)
        {
            return Fault(FaultKind.Unavailable, "the app is shutting down");
        }

        if (passable && Refusal(request) is { } refusal)
        {
            return Fault(FaultKind.Denied, refusal);
        }

        if (!_app.Exists)
        {
            return Fault(FaultKind.App, "app channel is not initialized");
        }

        if (_app.Options.AppProtocol is "grpc" or "grpcs")
        {
            return Fault(FaultKind.App, $"{Invoking}: the app speaks gRPC, which this sidecar does not");
        }

        if (!_health.IsHealthy)
        {
            return Fault(FaultKind.App, $"{Invoking}: app is not in a healthy state");
        }

        try
        {
            await _app.EnterAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _underWay.End();
            throw;
        }

        HttpRequestMessage? message = null;
        try
        {
            message = request.Make(_root);
            _caller?.Add(message, _runtime.Options.AppId);
            _app.Sign(message);
            var response = await _app.OpenAsync(message, cancellationToken).ConfigureAwait(false);
            AnswerForm.Check(response);
            return CallOutcome.Of(message, response, End);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            End();
            message?.Dispose();
            if (passable && _underWay.IsLeaving && failure is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
            {
                // It was gone before anything of the call reached it.
                return CallOutcome.Of(FaultKind.Unavailable, "the app is shutting down");
            }

            return CallOutcome.Of(request.Body.Failure is { } own ? CallFault.OfBody(own) : CallFault.Of(failure, $"{Invoking}: {_root}{request.Path}"));
        }
        catch
        {
            End();
            message?.Dispose();
            throw;
        }
    }

    private string? Refusal(CallRequest request) => _access is null ? null
        : _caller is not null ? _access.Refusal(_caller.AppId, _caller.Namespace, request.Method, request.Path)
        : _access.Refusal(
            request.Header(CallerHeaders.CallerApp) ?? "", request.Header(CallerHeaders.CallerNamespace) ?? "", request.Method, request.Path);

    private CallOutcome Fault(FaultKind kind, string message)
    {
        _underWay.End();
        return CallOutcome.Of(kind, message);
    }

    private void End()
    {
        _app.Leave();
        _underWay.End();
    }
}
