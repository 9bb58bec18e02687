namespace HmsMesh.Kit;

/// <summary>What came of checking a token: a caller, or why not, in words that hold nothing of the token.</summary>
public sealed record TokenCheck
{
    private TokenCheck()
    {
    }

    /// <summary>Null where the token is refused.</summary>
    public Caller? Caller { get; private init; }

    /// <summary>Why it is refused.</summary>
    public string? Fault { get; private init; }

    /// <summary>Nobody can tell now: the issuer's keys cannot be had. The same token may be good later.</summary>
    public bool IsUnavailable { get; private init; }

    internal static TokenCheck Of(Caller caller) => new() { Caller = caller };

    internal static TokenCheck Refused(string fault) => new() { Fault = fault };

    internal static TokenCheck Unavailable(string fault) => new() { Fault = fault, IsUnavailable = true };
}
