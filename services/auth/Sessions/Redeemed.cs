namespace HmsMesh.Auth.Sessions;

/// <summary>What came of showing a code or a refresh token.</summary>
/// <param name="Session">Null where it is refused.</param>
/// <param name="Refresh">A new refresh token.</param>
/// <param name="Nonce">As the client gave it with its request.</param>
/// <param name="WasUsed">It was shown before: its session has ended.</param>
internal sealed record Redeemed(Session? Session, string? Refresh = null, string? Nonce = null, bool WasUsed = false);
