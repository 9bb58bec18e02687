namespace HmsMesh.Auth.Grants;

/// <summary>Scopes that ask who somebody is, and not what they may do.</summary>
internal static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";

    public static bool IsIdentity(string scope) => scope is OpenId or Profile;
}
