namespace HmsMesh.Gateway.Api;

/// <summary>Some payments, the latest first, and how many there are of each status.</summary>
internal sealed record PaymentList(IReadOnlyList<Payment> Payments, IReadOnlyDictionary<string, long> Counts);
