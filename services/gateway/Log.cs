namespace HmsMesh.Gateway;

/// <summary>Every line that the door logs. Never a token, a key, a body or a citizen's name.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "refused {Method} {Route} with {Status}: {Reason} (request {RequestId})")]
    public static partial void Refused(this ILogger logger, string method, string route, int status, string reason, string requestId);

    [LoggerMessage(2, LogLevel.Information, "signed in {Subject}")]
    public static partial void SignedIn(this ILogger logger, string subject);

    [LoggerMessage(3, LogLevel.Warning, "a sign-in was refused: {Reason}")]
    public static partial void SignInRefused(this ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Information, "signed out {Subject}")]
    public static partial void SignedOut(this ILogger logger, string subject);

    [LoggerMessage(5, LogLevel.Warning, "{Service} did not answer {Method} {Route} (request {RequestId}): {Reason}")]
    public static partial void ForwardFailed(this ILogger logger, string service, string method, string route, string requestId, string reason);

    [LoggerMessage(6, LogLevel.Warning, "the issuer did not answer: {Reason}")]
    public static partial void IssuerFailed(this ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Error, "{Method} {Route} failed (request {RequestId})")]
    public static partial void Failed(this ILogger logger, Exception exception, string method, string route, string requestId);

    [LoggerMessage(8, LogLevel.Debug, "pruned {Sessions} sessions and {Answers} answers")]
    public static partial void Pruned(this ILogger logger, int sessions, int answers);

    [LoggerMessage(9, LogLevel.Warning, "old sessions and answers could not be pruned; they are tried again")]
    public static partial void PruneFailed(this ILogger logger, Exception exception);
}
