namespace HmsMesh.Payments.Holds;

/// <summary>A decision as staff see it.</summary>
internal sealed record DecisionView(string PaymentId, string Decision, string Actor, DateTimeOffset At, string? HeldFor);
