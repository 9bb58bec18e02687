namespace HmsMesh.Cli.RunFile;

/// <summary>The secrets that a service needs: `secrets` under `x-dapr` in its asyncapi.yaml.</summary>
internal static class AsyncApiSecrets
{
    public static IReadOnlyList<string> Of(string folder)
    {
        var file = Path.Combine(folder, "asyncapi.yaml");
        return File.Exists(file) ? YamlReader.Load(file).Mapping("x-dapr")?.Texts("secrets") ?? [] : [];
    }
}
