using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>Reads what a token says, unchecked.</summary>
internal static class Jwt
{
    public static JsonElement Said(this JsonElement answer, string token = "access_token") => Payload(answer.GetProperty(token).GetString()!);

    public static JsonElement Payload(string token) =>
        JsonElement.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(token.Split('.')[1]));

    public static JsonWebToken Read(string token) => new(token);

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
