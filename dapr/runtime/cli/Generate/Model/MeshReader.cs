namespace HmsMesh.Cli.Generate.Model;

/// <summary>Reads every service's asyncapi.yaml and the delivery settings.</summary>
internal static class MeshReader
{
    private const string FileName = "asyncapi.yaml";

    /// <returns>Null where a file cannot be read at all; faults are added to <paramref name="problems"/> all at once.</returns>
    public static MeshModel? Read(string root, ICollection<Problem> problems)
    {
        if (!Directory.Exists(Path.Combine(root, "services")))
        {
            problems.Add(new Problem("services", 1, "", "is no folder", "run this in a clone of the project"));
            return null;
        }

        var documents = new SortedDictionary<string, Source>(StringComparer.Ordinal);
        foreach (var file in ServiceFolders.In(root).Select(folder => $"{folder}/{FileName}").Where(file => File.Exists(Path.Combine(root, file))))
        {
            var app = file.Split('/')[^2];
            if (AppName.FaultOf(app) is { } fault)
                problems.Add(new Problem(file, 1, "", $"makes '{app}' an app id, which it cannot be", $"rename the folder: {fault}"));
            else if (documents.TryGetValue(app, out var other))
                problems.Add(new Problem(file, 1, "", $"makes '{app}' an app id, which {other.File} does too", "rename one of the folders"));
            else if (Source.Read(root, file, problems) is { } document)
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
