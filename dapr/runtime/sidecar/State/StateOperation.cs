using System.Text.Json;

namespace HmsMesh.Sidecar.State;

/// <summary>An operation of a transaction.</summary>
/// <param name="Request">As it was sent; it lives as long as the body.</param>
internal readonly record struct StateOperation(StateChange Change, JsonElement Request);
