namespace HmsMesh.Auth.Clients;

/// <summary>Which client calls, or why nobody knows.</summary>
/// <param name="Client">The client.</param>
/// <param name="HasProved">It showed its secret; a public client need not.</param>
/// <param name="Error">Set where it is refused.</param>
internal sealed record ClientProof(Client? Client, bool HasProved, OAuthError? Error);
