namespace HmsMesh.Gateway.SignIn;

/// <summary>What a page knows of who is signed in.</summary>
/// <param name="SignedIn">Whether anyone is.</param>
/// <param name="Name">What the issuer calls him.</param>
/// <param name="Subject">His opaque id.</param>
/// <param name="Roles">What he is.</param>
/// <param name="Scopes">What he may do.</param>
/// <param name="EndsAt">When he must sign in again at the latest.</param>
internal sealed record SessionView(bool SignedIn, string? Name, string? Subject, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes, DateTimeOffset? EndsAt);
