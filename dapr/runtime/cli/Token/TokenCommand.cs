using System.CommandLine;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Token;

/// <summary>`mesh token`: what a developer shows to the gateway or to a service.</summary>
internal static class TokenCommand
{
    private const string ApiKey = "api-key-demo";
    private const string Password = "demo-password";

    public static Command Create(MeshContext context) => new("token", "Print a token for the running mesh's gateway or services, for curl and tests.")
    {
        Citizen(context), Key(context), Service(context), Account(context),
    };

    private static Command Citizen(MeshContext context)
    {
        var name = new Argument<string>("ACCOUNT") { Description = "A demo account, such as diego." };
        var data = SharedOptions.Data();
        var command = new Command("citizen", "Sign a demo account in (authorization code with PKCE) and print its access token for the gateway.") { name, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = DataFolder.At(context.Root, parsed.GetValue(data));
            using var signIn = new CitizenSignIn(await IssuerAsync(folder, cancellationToken));
            context.Out.WriteLine(await signIn.TokenAsync(parsed.GetValue(name)!, DemoPassword(folder), cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Key(MeshContext context)
    {
        var data = SharedOptions.Data();
        var command = new Command("apikey", "Print the demo agency's API key for the gateway (header X-API-Key).") { data };
        command.SetAction(parsed =>
        {
            context.Out.WriteLine(new SecretBook(DataFolder.At(context.Root, parsed.GetValue(data))).Get(ApiKey));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Service(MeshContext context)
    {
        var audience = new Argument<string>("SERVICE") { Description = "The service that the token is for." };
        var data = SharedOptions.Data();
        var command = new Command("service", "Print an operator's token for one service (client credentials), as 'mesh call' uses it.") { audience, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = DataFolder.At(context.Root, parsed.GetValue(data));
            using var tokens = new OperatorTokens(new SecretBook(folder), context.Time);
            var service = parsed.GetValue(audience)!;

            // A token for a service that is not there would only fail later, and elsewhere.
            await AddressAsync(folder, service, cancellationToken);
            context.Out.WriteLine(await tokens.GetAsync(await IssuerAsync(folder, cancellationToken), service, cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Account(MeshContext context)
    {
        var data = SharedOptions.Data();
        var command = new Command("password", "Print the password of the demo accounts, for the sign-in page.") { data };
        command.SetAction(parsed =>
        {
            context.Out.WriteLine(DemoPassword(DataFolder.At(context.Root, parsed.GetValue(data))));
            return ExitCode.Done;
        });
        return command;
    }

    private static string DemoPassword(DataFolder folder) => new SecretBook(folder).Get(Password)[..16];

    private static Task<string> IssuerAsync(DataFolder folder, CancellationToken cancellationToken) => AddressAsync(folder, AuthService.AppId, cancellationToken);

    private static async Task<string> AddressAsync(DataFolder folder, string service, CancellationToken cancellationToken)
    {
        using var mesh = new ControlClient(folder);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/address/{Uri.EscapeDataString(service)}");
        using var answer = await mesh.SendAsync(request, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }
}
