using HmsMesh.Sidecar.Secrets;

namespace HmsMesh.Sidecar.Components.SecretStoreLocalEnv;

/// <summary>The sidecar's environment as secrets, its own tokens and settings left out. A variable that isn't there is an empty secret,
/// as with daprd.</summary>
internal sealed class LocalEnvSecretStore(IReadOnlyDictionary<string, string> environment, string prefix) : ISecretStore
{
    public IReadOnlyList<string> Capabilities => [];

    public ValueTask<IReadOnlyDictionary<string, string>?> GetAsync(string name, CancellationToken cancellationToken)
    {
        var variable = prefix + name;
        var value = IsOpen(variable) ? environment.GetValueOrDefault(variable, "") : "";
        return new(One(name, value));
    }

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> GetAllAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (variable, value) in environment)
        {
            if (variable.StartsWith(prefix, StringComparison.Ordinal) && (prefix.Length == 0 || variable.Length > prefix.Length) && IsOpen(variable))
            {
                var name = variable[prefix.Length..];
                all[name] = One(name, value);
            }
        }

        return new(all);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsOpen(string variable) =>
        !variable.Equals("APP_API_TOKEN", StringComparison.OrdinalIgnoreCase) && !variable.StartsWith("DAPR_", StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string> One(string name, string value) => new(StringComparer.Ordinal) { [name] = value };
}
