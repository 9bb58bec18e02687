namespace HmsMesh.Cli.Generate.Model;

/// <summary>Reads every service's asyncapi.yaml and the delivery settings.</summary>
internal static class MeshReader
{
    private const string FileName = "asyncapi.yaml";

    /// <returns>Null where a file cannot be read at all; faults are added to <paramref name="problems"/> all at once.</returns>
    public static MeshModel? Read(string root, ICollection<Problem> problems)
    {
        var services = Path.Combine(root, "services");
        if (!Directory.Exists(services))
        {
            problems.Add(new Problem("services", 1, "", "is no folder", "run this in a clone of the project"));
            return null;
        }

        var documents = new SortedDictionary<string, Source>(StringComparer.Ordinal);
        foreach (var folder in Directory.GetDirectories(services).Where(d => File.Exists(Path.Combine(d, FileName))))
        {
            var app = Path.GetFileName(folder);
            if (AppName.FaultOf(app) is { } fault)
                problems.Add(new Problem($"services/{app}/{FileName}", 1, "", $"makes '{app}' an app id, which it cannot be", $"rename the folder: {fault}"));
            else if (Source.Read(root, $"services/{app}/{FileName}", problems) is { } document)
                documents.Add(app, document);
        }

        var delivery = DeliveryReader.Read(root, problems);
        if (problems.Count > 0 || delivery is null)
            return null;
        var reader = new AsyncApiReader(documents.Values.ToDictionary(d => d.File), problems);
        var read = documents.Select(pair => reader.Read(pair.Key, pair.Value)).OfType<ServiceModel>().ToList();
        return read.Count == documents.Count ? new MeshModel(root, read, delivery) : null;
    }
}
