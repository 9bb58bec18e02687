using HmsMesh.Broker;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>What one try came to.</summary>
/// <param name="Kind">Handled (or already), Dropped, or Failed.</param>
/// <param name="Status">The app's status, where that is why it failed: a retry policy may say that it isn't worth another try.</param>
internal readonly record struct AppOutcome(VerdictKind Kind, string? Cause = null, int? Status = null)
{
    public static AppOutcome Handled { get; } = new(VerdictKind.Handled);

    public static AppOutcome AlreadyHandled { get; } = new(VerdictKind.AlreadyHandled);

    public bool HasFailed => Kind == VerdictKind.Failed;
}
