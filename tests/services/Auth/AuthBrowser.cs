using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.WebUtilities;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>A browser and a client: it keeps cookies, follows no redirect, and sends the form that it was shown.</summary>
public sealed class AuthBrowser : IDisposable
{
    public const string GatewayRedirect = AuthSite.Portal + "/signed-in";
    public const string MeshRedirect = "http://127.0.0.1:43210/callback";
    private readonly HttpClient _http;

    public AuthBrowser(Uri address) => _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = address };

    public string Verifier { get; } = Base64UrlTextEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    public string Challenge => Base64UrlTextEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A good request; <paramref name="change"/> makes it another one, where null takes a parameter away.</summary>
    public Dictionary<string, string?> Request(string client = "gateway", params (string Name, string? Value)[] change)
    {
        var request = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = client,
            ["redirect_uri"] = client == "gateway" ? GatewayRedirect : MeshRedirect,
            ["scope"] = "openid claims.write claims.read",
            ["state"] = "state-1",
            ["nonce"] = "nonce-1",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in change)
            request[name] = value;
        return request;
    }

    public async Task<HttpResponseMessage> AuthorizeAsync(Dictionary<string, string?> request, string? language = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, QueryHelpers.AddQueryString("/authorize", request));
        if (language is not null)
            message.Headers.AcceptLanguage.ParseAdd(language);
        return await _http.SendAsync(message, Ct);
    }

    /// <summary>Fills the form of a page in, and sends it.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(HttpResponseMessage page, string name, string password, Action<Dictionary<string, string>>? change = null)
    {
        var document = await new HtmlParser().ParseDocumentAsync(await page.Content.ReadAsStringAsync(Ct));
        var form = document.QuerySelector("form").ShouldNotBeNull();
        var fields = form.QuerySelectorAll("input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value")!);
        (fields["username"], fields["password"]) = (name, password);
        change?.Invoke(fields);
        return await _http.PostAsync(form.GetAttribute("action"), new FormUrlEncodedContent(fields), Ct);
    }

    /// <summary>Signs in, and gives the answer that the client gets.</summary>
    public async Task<Dictionary<string, string>> SignInAsync(string name = "diego", string client = "gateway", params (string Name, string? Value)[] change)
    {
        using var page = await AuthorizeAsync(Request(client, change));
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var answer = await SubmitAsync(page, name, AuthSite.Phrase);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync(Ct));
        return Query(answer);
    }

    /// <summary>The tokens of a new session.</summary>
    public async Task<JsonElement> TokensAsync(string name = "diego", string client = "gateway", params (string Name, string? Value)[] change)
    {
        var code = (await SignInAsync(name, client, change))["code"];
        var (status, answer) = await RedeemAsync(code, client);
        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> RedeemAsync(string code, string client = "gateway", string? verifier = null, string? redirect = null) => TokenAsync(
        client,
        ("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier ?? Verifier),
        ("redirect_uri", redirect ?? (client == "gateway" ? GatewayRedirect : MeshRedirect)));

    public Task<(HttpStatusCode Status, JsonElement Answer)> RefreshAsync(string token, string client = "gateway", string? scope = null) =>
        TokenAsync(client, ("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope ?? ""));

    public Task<(HttpStatusCode Status, JsonElement Answer)> ExchangeAsync(string token, string audience = "claims", string? type = null, string? scope = null) => TokenAsync(
        "gateway",
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", token), ("audience", audience),
        ("subject_token_type", type ?? "urn:ietf:params:oauth:token-type:access_token"), ("scope", scope ?? ""));

    /// <summary>Asks the token endpoint; the gateway shows its secret, the mesh command goes without.</summary>
    public Task<(HttpStatusCode Status, JsonElement Answer)> TokenAsync(string client, params (string Name, string Value)[] form) =>
        client == "gateway" ? PostAsync("/token", Basic(client, AuthSite.GatewaySecret), form) : PostAsync("/token", null, [.. form, ("client_id", client)]);

    public async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, AuthenticationHeaderValue? proof, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        request.Headers.Authorization = proof;
        using var response = await _http.SendAsync(request, Ct);
        response.Headers.CacheControl?.NoStore.ShouldBeTrue();
        var body = await response.Content.ReadAsStringAsync(Ct);
        return (response.StatusCode, body.Length == 0 ? default : JsonElement.Parse(body));
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, Ct);

    public static AuthenticationHeaderValue Basic(string id, string secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));

    /// <summary>What a redirect brings.</summary>
    public static Dictionary<string, string> Query(HttpResponseMessage redirect) =>
        QueryHelpers.ParseQuery(redirect.Headers.Location.ShouldNotBeNull().Query).ToDictionary(q => q.Key, q => q.Value.Single()!);

    public void Dispose() => _http.Dispose();
}
