using HmsMesh.Gateway.SignIn;
using HmsMesh.Kit;

namespace HmsMesh.Gateway.Identity;

/// <summary>Who is at the door, checked.</summary>
/// <param name="Caller">Who, and what he may do.</param>
/// <param name="Token">The token for the service that he wants; null where the endpoint wants none.</param>
/// <param name="Holder">Under what his service tokens are kept.</param>
/// <param name="Session">By cookie; null by token or key.</param>
internal sealed record Visitor(Caller Caller, string? Token, string Holder, Session? Session)
{
    /// <summary>One name for limits and for idempotency keys.</summary>
    public string Name => $"{Caller.Client}/{Caller.Subject}";

    /// <summary>A compiler-made text would hold the token.</summary>
    public override string ToString() => Name;
}
