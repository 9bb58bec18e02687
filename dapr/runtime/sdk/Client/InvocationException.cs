namespace Dapr.Client;

/// <summary>A call of another app that had no good answer.</summary>
public class InvocationException : DaprException
{
    /// <summary>Tells whom was called for what, and what came of it.</summary>
    /// <param name="response">Null where there was no answer.</param>
    public InvocationException(string appId, string methodName, Exception innerException, HttpResponseMessage response)
        : base($"An exception occurred while invoking method: '{methodName}' on app-id: '{appId}'", innerException)
    {
        AppId = appId;
        MethodName = methodName;
        Response = response;
    }

    /// <summary>The app that was called.</summary>
    public string AppId { get; }

    /// <summary>What it was called for.</summary>
    public string MethodName { get; }

    /// <summary>The answer; null where there was none. Whoever catches this may read it.</summary>
    public HttpResponseMessage Response { get; }
}
