namespace HmsMesh.Cli;

internal static class Colour
{
    /// <summary>On a terminal, unless NO_COLOR or a dumb one says otherwise.</summary>
    public static bool Wanted(bool redirected) =>
        !redirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
