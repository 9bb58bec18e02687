namespace HmsMesh.Cli;

/// <summary>What the exit code of `mesh` says.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotRunning = 3;
    public const int ContractBroken = 4;
    public const int Taken = 5;
    public const int Interrupted = 130;

    public const string Help =
        "Exit codes: 0 done; 1 failed; 2 wrong usage or a broken file; 3 no mesh is running; 4 the data breaks its contract; " +
        "5 a port or the data folder is taken; 130 interrupted.";
}
