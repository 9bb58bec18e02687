using HmsMesh.Auth.Clients;
using HmsMesh.Auth.Grants;

namespace HmsMesh.Auth.Authorize;

/// <summary>Checks a request for authorization (RFC 6749, 4.1.1; RFC 7636; OpenID Connect Core, 3.1.2).</summary>
internal sealed class AuthorizeChecker(ClientBook clients, TimeProvider time)
{
    public static readonly TimeSpan PageLifetime = TimeSpan.FromMinutes(15);
    private const int LongestState = 1024;

    public AuthorizeCheck Check(Parameters parameters)
    {
        // Until client and place are known to belong together nothing is sent anywhere: else this were an open redirect.
        if (parameters["client_id"] is not { } id || clients.Find(id) is not { } client)
            return new AuthorizeCheck(null, new OAuthError("invalid_request", "The client is not known."));
        if (parameters["redirect_uri"] is not { } redirect || !client.MayRedirectTo(redirect))
            return new AuthorizeCheck(null, new OAuthError("invalid_request", "The place to return to is not registered."));
        var state = parameters["state"];
        if (state?.Length > LongestState)
            return new AuthorizeCheck(null, Invalid("state is too long."), redirect);
        return Fault(parameters, client) is { } fault
            ? new AuthorizeCheck(null, fault, redirect, state)
            : new AuthorizeCheck(new AuthorizeRequest
            {
                Client = client.Id,
                Redirect = redirect,
                Scope = string.Join(' ', parameters.List("scope") ?? client.Scopes.Where(s => !Scopes.IsIdentity(s))),
                Challenge = parameters["code_challenge"]!,
                State = state,
                Nonce = parameters["nonce"],
                Locales = parameters["ui_locales"],
                ExpiresAt = (time.GetUtcNow() + PageLifetime).ToUnixTimeMilliseconds(),
            });
    }

    private static OAuthError? Fault(Parameters parameters, Client client)
    {
        if (parameters["request"] is not null)
            return new OAuthError("request_not_supported", "Request objects are not taken.");
        if (parameters["request_uri"] is not null)
            return new OAuthError("request_uri_not_supported", "Request objects are not taken.");
        if (parameters["response_type"] is not { } type)
            return Invalid("response_type is needed.");
        if (type != "code")
            return new OAuthError("unsupported_response_type", "Only response_type=code is there.");
        if ((parameters["response_mode"] ?? "query") != "query")
            return Invalid("Only response_mode=query is there.");
        if (!client.May(GrantTypes.Code))
            return new OAuthError("unauthorized_client", "The client signs nobody in.");
        if (parameters["code_challenge_method"] != "S256" || parameters["code_challenge"] is not { Length: 43 } challenge || !challenge.All(IsBase64Url))
            return Invalid("PKCE is needed: code_challenge, by code_challenge_method=S256.");
        if (parameters["nonce"]?.Length > 512)
            return Invalid("nonce is too long.");
        if (parameters.List("scope") is { } scopes && scopes.Except(client.Scopes, StringComparer.Ordinal).Any())
            return new OAuthError("invalid_scope", "The client may not ask for this scope.");

        // Nobody is ever signed in here already: every sign-in asks for the password.
        return parameters.List("prompt")?.Contains("none", StringComparer.Ordinal) == true
            ? new OAuthError("login_required", "The citizen has to sign in.")
            : null;
    }

    private static bool IsBase64Url(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    private static OAuthError Invalid(string description) => new("invalid_request", description);
}
