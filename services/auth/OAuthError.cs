namespace HmsMesh.Auth;

/// <summary>A refusal as RFC 6749 words it. The description holds nothing that the caller sent.</summary>
internal sealed record OAuthError(string Code, string Description, int Status = StatusCodes.Status400BadRequest);
