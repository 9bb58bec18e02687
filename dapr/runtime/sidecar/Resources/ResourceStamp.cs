namespace HmsMesh.Sidecar.Resources;

/// <summary>What tells one state of the resource folders from another: names, sizes and times of their YAML files.</summary>
internal static class ResourceStamp
{
    public static int Of(IReadOnlyList<string> folders)
    {
        var stamp = 0;
        foreach (var folder in folders)
        {
            foreach (var file in Files(folder))
            {
                // Summed up, as folders list their files in no order.
                stamp += HashCode.Combine(file.FullName, file.Length, file.LastWriteTimeUtc);
            }
        }

        return stamp;
    }

    private static IEnumerable<FileInfo> Files(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFiles().Where(static file => file.Extension.ToUpperInvariant() is ".YAML" or ".YML")];
        }
        catch (IOException)
        {
            // Gone, or a file went while it was looked at: the next look tells.
            return [];
        }
    }
}
