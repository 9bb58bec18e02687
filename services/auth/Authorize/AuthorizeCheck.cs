namespace HmsMesh.Auth.Authorize;

/// <summary>What came of checking a request.</summary>
/// <param name="Request">Set where all is well.</param>
/// <param name="Error">Else why not.</param>
/// <param name="Redirect">Where the error may be sent: only to a place that is registered. Null: the person is told.</param>
/// <param name="State">Sent back with it.</param>
internal sealed record AuthorizeCheck(AuthorizeRequest? Request, OAuthError? Error = null, string? Redirect = null, string? State = null);
