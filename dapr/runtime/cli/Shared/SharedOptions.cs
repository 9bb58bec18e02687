using System.CommandLine;

namespace HmsMesh.Cli;

/// <summary>Options that several commands take.</summary>
internal static class SharedOptions
{
    public static Option<string?> Data() => new("--data") { Description = "The data folder (default: .mesh in the clone).", HelpName = "DIR" };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON on stdout, for scripts." };
}
