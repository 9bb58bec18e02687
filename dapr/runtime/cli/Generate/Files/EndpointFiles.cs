using HmsMesh.Cli.Generate.Model;
using HmsMesh.Cli.Generate.Yaml;

namespace HmsMesh.Cli.Generate.Files;

/// <summary>An HTTPEndpoint for each service outside the mesh, for those who call it.</summary>
internal static class EndpointFiles
{
    public static IEnumerable<GeneratedFile> Of(MeshModel mesh, string folder) => mesh.Services.Where(service => service.IsOutside).Select(service =>
        new GeneratedFile($"{folder}/httpendpoint-{service.AppId}.yaml", YamlText.Write(
            [GeneratedFile.Header, "'mesh up' puts the port that it gives in place of this one."],
            Resource.Of(
                "HTTPEndpoint", "v1alpha1", service.AppId,
                new YamlMap { { "baseUrl", $"http://127.0.0.1:{service.AppPort}" } },
                [.. mesh.Services.Where(other => other.Calls.Contains(service.AppId)).Select(other => other.AppId)]))));
}
