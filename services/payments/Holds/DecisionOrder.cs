namespace HmsMesh.Payments.Holds;

/// <summary>What a person wants of a held payment.</summary>
/// <param name="PaymentId">Which.</param>
/// <param name="Kind">What: see <see cref="DecisionKind"/>.</param>
/// <param name="Actor">The opaque id of who wants it.</param>
/// <param name="Key">Null where it came without one.</param>
internal sealed record DecisionOrder(string PaymentId, string Kind, string Actor, string? Key);
