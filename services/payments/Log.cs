namespace HmsMesh.Payments;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Payment {Payment} of claim {Claim} is in today's file after {Milliseconds} ms")]
    public static partial void Sent(ILogger logger, string payment, string claim, long milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Payment {Payment} of claim {Claim} failed: {Reason}")]
    public static partial void Failed(ILogger logger, string payment, string claim, string reason);

    [LoggerMessage(3, LogLevel.Warning, "What the bank did with payment {Payment} is not known; it is asked before the next try: {Reason}")]
    public static partial void Unknown(ILogger logger, string payment, string reason);

    [LoggerMessage(4, LogLevel.Information, "Claim {Claim} was approved again; payment {Payment} stays the only one")]
    public static partial void ApprovedAgain(ILogger logger, string claim, string payment);

    [LoggerMessage(5, LogLevel.Error, "Incident {Kind}, claim {Claim}, payment {Payment}: {Detail}")]
    public static partial void Incident(ILogger logger, string kind, string claim, string payment, string detail);

    [LoggerMessage(6, LogLevel.Warning, "The payee vault is closed: {Reason}")]
    public static partial void VaultClosed(ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Information, "Citizen {Citizen} filled the payee; {Released} payments go on")]
    public static partial void PayeeFilled(ILogger logger, string citizen, int released);

    [LoggerMessage(8, LogLevel.Error, "The worker failed, and goes on")]
    public static partial void WorkerFailed(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Debug, "The bank did not say what came back: {Reason}")]
    public static partial void ReturnsUnknown(ILogger logger, string reason);

    [LoggerMessage(10, LogLevel.Warning, "Payment {Payment} of claim {Claim}, held for {Reason}, was {Decision} by {Actor}")]
    public static partial void Decided(ILogger logger, string payment, string claim, string reason, string decision, string actor);
}
