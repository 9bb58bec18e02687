namespace HmsMesh.Payments.Payments;

/// <summary>Some payments, and how many there are of each status.</summary>
internal sealed record PaymentList(IReadOnlyList<PaymentView> Payments, IReadOnlyDictionary<string, long> Counts);
