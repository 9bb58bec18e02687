namespace HmsMesh.Payments.Bank;

/// <summary>The breaker before the bank, of this instance.</summary>
/// <param name="State">closed, open or half-open.</param>
/// <param name="Failures">Failures in a row so far.</param>
/// <param name="OpensFor">Seconds for which calls are refused yet.</param>
internal sealed record BreakerView(string State, int Failures, double OpensFor);
