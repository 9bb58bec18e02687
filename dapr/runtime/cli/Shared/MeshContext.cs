using System.CommandLine;

namespace HmsMesh.Cli;

/// <summary>What a command works with: the clone, the terminal and the clock. A test hands in its own.</summary>
internal sealed record MeshContext
{
    /// <summary>The clone's root: the folder that holds services/, components/ and dapr/.</summary>
    public required string Root { get; init; }

    /// <summary>What a script reads.</summary>
    public TextWriter Out { get; init; } = Console.Out;

    /// <summary>What a person reads.</summary>
    public TextWriter Error { get; init; } = Console.Error;

    public TextReader In { get; init; } = Console.In;

    /// <summary>Whether somebody is there to be asked.</summary>
    public bool Interactive { get; init; } = !Console.IsInputRedirected;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string ComponentsOf(string broker) => Path.Combine(Root, "components", broker);

    public string RunFile => Path.Combine(Root, "dapr", "dapr.yaml");

    public static MeshContext FromProcess()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HmsMesh.sln")))
            folder = folder.Parent;
        return new MeshContext { Root = folder?.FullName ?? Directory.GetCurrentDirectory() };
    }

    public InvocationConfiguration Invocation() => new()
    {
        Output = Out,
        Error = Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };
}
