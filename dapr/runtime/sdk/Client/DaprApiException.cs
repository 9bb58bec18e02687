namespace Dapr;

/// <summary>The sidecar answered that it could not.</summary>
public class DaprApiException : DaprException
{
    /// <summary>With what happened, the sidecar's error code, and whether trying again may help.</summary>
    public DaprApiException(string message, string errorCode, bool isTransient)
        : base(message)
    {
        ErrorCode = errorCode;
        IsTransient = isTransient;
    }

    /// <summary>With what happened, why, the sidecar's error code, and whether trying again may help.</summary>
    public DaprApiException(string message, Exception inner, string errorCode, bool isTransient)
        : base(message, inner)
    {
        ErrorCode = errorCode;
        IsTransient = isTransient;
    }

    /// <summary>The sidecar's error code.</summary>
    public string ErrorCode { get; }

    /// <summary>Trying again may help.</summary>
    public bool IsTransient { get; }
}
