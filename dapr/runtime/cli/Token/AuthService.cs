using System.Net.Http.Json;
using System.Text.Json;

namespace HmsMesh.Cli.Token;

/// <summary>The service that gives tokens, by its OAuth endpoints (RFC 6749).</summary>
internal static class AuthService
{
    public const string AppId = "auth";

    /// <summary>The client of operators: confidential for itself, public where a citizen signs in.</summary>
    public const string Client = "mesh";

    /// <summary>Asks the token endpoint. Throws <see cref="MeshException"/> with what it refuses.</summary>
    public static async Task<(string Token, TimeSpan Lives)> TokenAsync(
        HttpClient http, string issuer, IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsync(new Uri(issuer + "/token"), new FormUrlEncodedContent(form), cancellationToken);
        JsonElement said;
        try
        {
            said = await answer.Content.ReadFromJsonAsync(TokenJson.Default.JsonElement, cancellationToken);
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException)
        {
            throw new MeshException($"{AppId} answered {(int)answer.StatusCode} and no JSON; 'mesh logs {AppId}' may tell why.");
        }

        if (!answer.IsSuccessStatusCode)
            throw new MeshException($"{AppId} refuses a token: {Text(said, "error")} {Text(said, "error_description")}".TrimEnd());
        return (
            Text(said, "access_token") ?? throw new MeshException($"{AppId} answered without an access_token."),
            TimeSpan.FromSeconds(said.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt32(out var number) ? number : 0));
    }

    /// <summary>Asks it; where it does not answer, a <see cref="MeshException"/> says so.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception silent) when (silent is HttpRequestException || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new MeshException($"{AppId} does not answer ({silent.Message}); 'mesh status' tells its state.");
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
