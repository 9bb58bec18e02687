namespace HmsMesh.Cli.Chaos.Power;

/// <summary>One change on disk.</summary>
/// <param name="File">Which file, whatever its name is by now.</param>
/// <param name="Position">Where a write begins, or the length that a file gets.</param>
/// <param name="Bytes">What was written.</param>
/// <param name="Name">The name that a file gets, has or had.</param>
/// <param name="To">The name that a file moves to.</param>
internal sealed record DiskOp(DiskOpKind Kind, int File, long Position = 0, byte[]? Bytes = null, string Name = "", string To = "");
