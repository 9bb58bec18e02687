namespace HmsMesh.Sidecar.PubSub.Contracts;

/// <summary>The contract files of folders: TOPIC.json in each folder named contracts, however deep it lies, and in the folder itself
/// where that is its name.</summary>
internal static class ContractFolders
{
    public const string FolderName = "contracts";
    private const int MaxDepth = 12;
    private const int MostFiles = 10_000;
    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal) { "bin", "obj", "node_modules", "artifacts" };

    /// <summary>By topic. Two files of one topic are a fault, unless they are the same file; the first is taken.</summary>
    public static Dictionary<string, ContractFile> Find(IReadOnlyList<string> folders)
    {
        var found = new Dictionary<string, ContractFile>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            Walk(new(folder), 0, found);
        }

        return found;
    }

    private static void Walk(DirectoryInfo folder, int depth, Dictionary<string, ContractFile> found)
    {
        if (folder.Name == FolderName)
        {
            foreach (var file in folder.EnumerateFiles("*.json"))
            {
                if (found.Count < MostFiles)
                {
                    found.TryAdd(Path.GetFileNameWithoutExtension(file.Name), new(file.FullName, file.LastWriteTimeUtc, file.Length));
                }
            }
        }

        if (depth == MaxDepth)
        {
            return;
        }

        foreach (var inner in folder.EnumerateDirectories())
        {
            // A link could lead round in circles.
            if (!PassedOver.Contains(inner.Name) && !inner.Name.StartsWith('.') && inner.LinkTarget is null)
            {
                Walk(inner, depth + 1, found);
            }
        }
    }
}
