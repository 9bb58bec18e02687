namespace HmsMesh.Cli.Up.Watching;

/// <summary>What changed files ask for.</summary>
internal sealed record SourceChange
{
    /// <summary>The services, by their folders' names, that have to be built, or only started again where they have no project.</summary>
    public required IReadOnlySet<string> Services { get; init; }

    /// <summary>Something that all C# services are made of.</summary>
    public required bool Shared { get; init; }

    /// <summary>The files from which `mesh generate` writes others.</summary>
    public required IReadOnlyList<string> Described { get; init; }

    public static SourceChange Of(IEnumerable<string> files, Func<string, bool> isService)
    {
        var services = new SortedSet<string>(StringComparer.Ordinal);
        var described = new List<string>();
        var shared = false;
        foreach (var file in files)
        {
            var parts = file.Split('/');
            var isOfService = parts.Length > 2 && ServiceFolders.Tops.Contains(parts[0]) && isService(parts[1]);
            var isContract = isOfService && parts[2] == "contracts";
            var isDescription = (isOfService && parts is [_, _, "asyncapi.yaml"]) || parts is ["services", "delivery.yaml" or "lint-exceptions.yaml"];
            if (isContract || isDescription)
                described.Add(file);
            if (isDescription)
                continue;

            // Every C# service carries every contract.
            shared |= isContract || !isOfService;
            if (isOfService && !isContract)
                services.Add(parts[1]);
        }

        return new SourceChange { Services = services, Shared = shared, Described = described };
    }
}
