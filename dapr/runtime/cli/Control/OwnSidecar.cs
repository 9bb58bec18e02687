namespace HmsMesh.Cli.Control;

/// <summary>The mesh's own sidecar.</summary>
/// <param name="Port">Where its API listens.</param>
/// <param name="Pid">Its process; absent where it runs in the mesh's own.</param>
/// <param name="Restarts">How often it ended and was started again.</param>
/// <param name="Problem">Why it doesn't run now.</param>
internal sealed record OwnSidecar(int Port, int? Pid, int Restarts, string? Problem);
