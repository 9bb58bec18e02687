namespace HmsMesh.Cli;

/// <summary>Ends a command with one clear sentence (the place and the remedy) and an exit code.</summary>
public sealed class MeshException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
