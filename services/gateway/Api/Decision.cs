namespace HmsMesh.Gateway.Api;

/// <summary>What a person decided of a held payment.</summary>
/// <param name="PaymentId">Of which.</param>
/// <param name="Kind">released or rejected.</param>
/// <param name="Actor">The opaque id of who decided.</param>
/// <param name="At">When.</param>
/// <param name="HeldFor">The incident for which it was held.</param>
internal sealed record Decision(
    string PaymentId, [property: System.Text.Json.Serialization.JsonPropertyName("decision")] string Kind, string Actor, DateTimeOffset At, string? HeldFor);
