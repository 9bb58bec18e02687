using System.CommandLine.Parsing;

namespace HmsMesh.Cli;

internal static class CommandPath
{
    /// <summary>The names of a command below the root, each with a space behind it: "dead redrive ".</summary>
    public static string Path(this CommandResult command)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = command; at is CommandResult { Parent: not null } named; at = named.Parent)
            names.Push(named.Command.Name + " ");
        return string.Concat(names);
    }
}
