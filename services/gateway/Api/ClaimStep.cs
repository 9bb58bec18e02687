namespace HmsMesh.Gateway.Api;

/// <summary>One step of a claim.</summary>
/// <param name="Name">submitted, approved, denied, paid or payment-failed.</param>
/// <param name="At">When.</param>
/// <param name="Ms">Milliseconds since it was submitted.</param>
internal sealed record ClaimStep(string Name, DateTimeOffset At, long Ms);
