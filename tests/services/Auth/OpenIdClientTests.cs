using System.Text.Json;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>The issuer as a client sees it that others wrote.</summary>
[Trait("Category", "Slow")]
public class OpenIdClientTests(AuthSite site, OpenIdClient client) : IClassFixture<AuthSite>, IClassFixture<OpenIdClient>
{
    [Fact]
    public async Task OpenIdClient_AllFlows_AreAsItExpectsThem()
    {
        var given = JsonSerializer.Serialize(new
        {
            issuer = site.Address.ToString().TrimEnd('/'),
            password = AuthSite.Phrase,
            gateway = AuthSite.GatewaySecret,
            mesh = AuthSite.MeshSecret,
            apiKey = AuthSite.ApiKey,
            redirect = AuthBrowser.GatewayRedirect,
        });

        (await client.DriveAsync(given, TestContext.Current.CancellationToken)).ShouldBe(
        [
            "discovery", "sign-in", "code used twice", "wrong verifier", "refresh", "exchange", "revocation", "client credentials", "end of session",
        ]);
    }
}
