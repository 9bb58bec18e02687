namespace HmsMesh.Sidecar.Invocation.Answer;

/// <summary>Why a call has no answer of an app.</summary>
internal enum FaultKind
{
    /// <summary>The other sidecar couldn't be reached; nothing was done, or nothing is known. Another try, or another instance, may do.</summary>
    Unavailable,

    /// <summary>Nobody has the name, or the path can't be asked for.</summary>
    Refused,

    /// <summary>The app couldn't be asked, or gave no answer.</summary>
    App,

    /// <summary>The other side doesn't let the caller in.</summary>
    Denied,
}
