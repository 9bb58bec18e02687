namespace HmsMesh.Sidecar.Invocation.Answer;

/// <summary>What came of one try: an answer whose body is still to be read, or a fault.</summary>
internal sealed class CallOutcome : IDisposable
{
    private readonly HttpRequestMessage? _request;
    private Action? _release;

    private CallOutcome(HttpRequestMessage? request, HttpResponseMessage? response, CallFault? fault, Action? release)
    {
        _request = request;
        Response = response;
        Fault = fault;
        _release = release;
    }

    public HttpResponseMessage? Response { get; }

    public CallFault? Fault { get; }

    /// <summary>The answer is with the caller already, whole or not; no policy may try again.</summary>
    public bool IsRelayed { get; set; }

    /// <summary>What broke the answer off while the caller got it.</summary>
    public Exception? Broken { get; set; }

    public int Status => Response is { } response ? (int)response.StatusCode : 0;

    /// <summary>What a retry policy or a breaker counts as a failure.</summary>
    public bool IsFailure => Fault is not null || Broken is not null || Status is < 200 or > 399;

    /// <param name="release">Called once, when the answer was read or given up.</param>
    public static CallOutcome Of(HttpRequestMessage request, HttpResponseMessage response, Action? release = null) => new(request, response, null, release);

    public static CallOutcome Of(CallFault fault) => new(null, null, fault, null);

    public static CallOutcome Of(FaultKind kind, string message) => Of(new CallFault(kind, message));

    public void Dispose()
    {
        Response?.Dispose();
        _request?.Dispose();
        Interlocked.Exchange(ref _release, null)?.Invoke();
    }
}
