using HmsMesh.Gateway;
using HmsMesh.Gateway.Auth;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>Tokens of services where there is no proof to show for them.</summary>
public sealed class ServiceTokensTests
{
    [Fact]
    public async Task Get_WithAProofThatIsGone_EndsWithoutAToken()
    {
        using var dapr = new Dapr.Client.DaprClientBuilder().Build();
        using var secrets = new Secrets(dapr);
        using var issuer = OpenIdClient.ForSignIn(new GatewayOptions(), secrets);
        var tokens = new ServiceTokens(issuer, TimeProvider.System);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));

        var got = await Task.Run(
            () => tokens.GetAsync("holder", ServiceTokens.AccessToken, _ => ValueTask.FromResult<string?>(null), "claims", limit.Token), limit.Token);

        got.Token.ShouldBeNull();
        got.IsForbidden.ShouldBeFalse();
    }
}
