using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;

namespace HmsMesh.Cli.Token;

/// <summary>Signs a demo account in as a browser would: authorization code with PKCE (RFC 7636), the sign-in page's form, a loopback
/// redirect (RFC 8252) that nobody has to listen at, since its address holds the code.</summary>
internal sealed partial class CitizenSignIn : IDisposable
{
    private const string Redirect = "http://127.0.0.1:8400/callback";
    private const int MostRedirects = 8;
    private readonly string _issuer;
    private readonly HttpClient _http;

    public CitizenSignIn(string issuer)
    {
        _issuer = issuer;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            Timeout = TimeSpan.FromSeconds(15),
        };
    }

    public Task<string> TokenAsync(string account, string password, CancellationToken cancellationToken) =>
        AuthService.AskAsync(() => SignInAsync(account, password, cancellationToken), cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<string> SignInAsync(string account, string password, CancellationToken cancellationToken)
    {
        var verifier = Random();
        var state = Random();
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var at = new Uri(
            $"{_issuer}/authorize?response_type=code&client_id={AuthService.Client}&redirect_uri={Uri.EscapeDataString(Redirect)}" +
            $"&code_challenge={challenge}&code_challenge_method=S256&state={state}");
        var code = await CodeAsync(at, account, password, state, cancellationToken);
        var (token, _) = await AuthService.TokenAsync(
            _http,
            _issuer,
            new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["client_id"] = AuthService.Client,
                ["redirect_uri"] = Redirect,
                ["code"] = code,
                ["code_verifier"] = verifier,
            },
            cancellationToken);
        return token;
    }

    private async Task<string> CodeAsync(Uri at, string account, string password, string state, CancellationToken cancellationToken)
    {
        FormUrlEncodedContent? form = null;
        for (var steps = 0; steps < MostRedirects; steps++)
        {
            using var answer = form is null ? await _http.GetAsync(at, cancellationToken) : await _http.PostAsync(at, form, cancellationToken);
            var asked = form is not null;
            form = null;
            if (answer.Headers.Location is { } location)
            {
                at = new Uri(at, location);
                if (at.AbsoluteUri.StartsWith(Redirect + "?", StringComparison.Ordinal))
                    return Code(at, state);
                continue;
            }

            var page = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (asked || !answer.IsSuccessStatusCode || Form().Match(page) is not { Success: true } found)
                throw new MeshException($"{AuthService.AppId} did not let '{account}' sign in (it answered {(int)answer.StatusCode}); its demo accounts are in services/auth/accounts.json.");
            var fields = Hidden().Matches(page).ToDictionary(
                static one => HttpUtility.HtmlDecode(one.Groups["name"].Value), static one => HttpUtility.HtmlDecode(one.Groups["value"].Value));
            (fields["username"], fields["password"]) = (account, password);
            at = new Uri(at, HttpUtility.HtmlDecode(found.Groups["action"].Value));
            form = new FormUrlEncodedContent(fields);
        }

        throw new MeshException($"{AuthService.AppId} redirects for ever.");
    }

    private static string Code(Uri callback, string state)
    {
        var query = HttpUtility.ParseQueryString(callback.Query);
        return query["state"] == state && query["code"] is { Length: > 0 } code
            ? code
            : throw new MeshException($"{AuthService.AppId} gave no code: {query["error"]} {query["error_description"]}".TrimEnd());
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    [GeneratedRegex("<form[^>]*?action=\"(?<action>[^\"]*)\"", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*?type=\"hidden\"[^>]*?name=\"(?<name>[^\"]*)\"[^>]*?value=\"(?<value>[^\"]*)\"", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Hidden();
}
