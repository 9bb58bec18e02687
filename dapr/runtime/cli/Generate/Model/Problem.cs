namespace HmsMesh.Cli.Generate.Model;

/// <summary>A fault in a file that a person wrote: where it is, what it is, and what to do about it.</summary>
/// <param name="File">Relative to the clone's root, with slashes.</param>
/// <param name="Line">From 1.</param>
/// <param name="Pointer">JSON pointer of the value; empty for the whole file.</param>
internal sealed record Problem(string File, int Line, string Pointer, string Message, string Remedy)
{
    /// <summary>The lint that found it, by which an exception names it; null where there are no exceptions.</summary>
    public string? Lint { get; init; }

    /// <summary>The topic that it is about, by which an exception names it.</summary>
    public string? Topic { get; init; }

    public override string ToString() =>
        $"{File}:{Line}: {(Pointer.Length > 0 ? Pointer + " " : "")}{Message}; {Remedy}{(Lint is null ? "" : $" [{Lint}]")}";
}
