namespace HmsMesh.Sidecar.Resources;

/// <summary>Which secrets of one store the app may read.</summary>
internal sealed record SecretScope(string Store, bool AllowByDefault, IReadOnlyList<string> Allowed, IReadOnlyList<string> Denied)
{
    public bool Allows(string name) => Allowed.Count > 0
        ? Allowed.Contains(name, StringComparer.Ordinal)
        : !Denied.Contains(name, StringComparer.Ordinal) && AllowByDefault;
}
