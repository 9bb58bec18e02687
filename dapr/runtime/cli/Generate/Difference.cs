namespace HmsMesh.Cli.Generate;

/// <summary>A file that is not as generate makes it.</summary>
/// <param name="Wanted">Its content; null: it should not be there.</param>
/// <param name="Line">The first line that differs.</param>
internal sealed record Difference(string Path, string? Wanted, int Line, string Found, string Expected)
{
    public override string ToString() => $"{Path}:{Line}: is {Found}, should be {Expected}";
}
