namespace HmsMesh.Auth;

/// <summary>Every line that this service logs. Never a token, a code, a secret, a name or what a person typed.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Client} got a token by {Grant} for {Audience}")]
    public static partial void Granted(this ILogger logger, string client, string grant, string audience);

    [LoggerMessage(2, LogLevel.Information, "refused {Path}: {Error}, {Description}")]
    public static partial void Refused(this ILogger logger, string path, string error, string description);

    [LoggerMessage(3, LogLevel.Warning, "{Client} showed a {What} for the second time: its session is ended")]
    public static partial void UsedTwice(this ILogger logger, string client, string what);

    [LoggerMessage(4, LogLevel.Information, "somebody signed in at {Client}")]
    public static partial void SignedIn(this ILogger logger, string client);

    [LoggerMessage(5, LogLevel.Warning, "a sign-in at {Client} failed")]
    public static partial void SignInFailed(this ILogger logger, string client);

    [LoggerMessage(6, LogLevel.Warning, "a sign-in at {Client} was refused: too many failed before")]
    public static partial void SignInLocked(this ILogger logger, string client);

    [LoggerMessage(7, LogLevel.Information, "made the signing key {Key}, which signs from {From:O}")]
    public static partial void KeyMade(this ILogger logger, string key, DateTimeOffset from);

    [LoggerMessage(8, LogLevel.Warning, "the signing key {Key} cannot be opened: it was sealed by another secret auth-keys; what it signed is worth nothing any more")]
    public static partial void KeyLost(this ILogger logger, string key);

    [LoggerMessage(9, LogLevel.Warning, "{Reason}")]
    public static partial void SecretMissing(this ILogger logger, string reason);

    [LoggerMessage(10, LogLevel.Information, "a session at {Client} has ended")]
    public static partial void Ended(this ILogger logger, string client);

    [LoggerMessage(11, LogLevel.Critical, "{Address} is not on loopback: the built-in sign-in is for demonstration and stays on this machine")]
    public static partial void NotLoopback(this ILogger logger, string address);
}
