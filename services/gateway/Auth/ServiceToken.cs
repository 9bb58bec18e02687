using HmsMesh.Kit;

namespace HmsMesh.Gateway.Auth;

/// <summary>What one service is shown for one caller.</summary>
internal sealed record ServiceToken(string Value, DateTimeOffset Ends, Caller Caller)
{
    /// <summary>A compiler-made text would hold the token.</summary>
    public override string ToString() => Caller.Client;
}
