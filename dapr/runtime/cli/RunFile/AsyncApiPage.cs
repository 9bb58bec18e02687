namespace HmsMesh.Cli.RunFile;

/// <summary>Where a service's page begins: `x-page` under `info` in its asyncapi.yaml.</summary>
internal static class AsyncApiPage
{
    public static string? Of(string folder)
    {
        var file = Path.Combine(folder, "asyncapi.yaml");
        return File.Exists(file) ? YamlReader.Load(file).Mapping("info")?.Text("x-page") : null;
    }
}
