namespace HmsMesh.Cli;

internal static class Usage
{
    public static int Print()
    {
        Console.Error.WriteLine("usage: mesh COMMAND");
        return 2;
    }
}
