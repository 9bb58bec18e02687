namespace Dapr;

/// <summary>A call to the sidecar failed.</summary>
public class DaprException : Exception
{
    /// <summary>With what happened.</summary>
    public DaprException(string message)
        : base(message)
    {
    }

    /// <summary>With what happened, and why.</summary>
    public DaprException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
