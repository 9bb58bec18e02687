namespace HmsMesh.Cli.BrokerData;

/// <summary>A question before something that can't be undone.</summary>
internal static class Question
{
    public static bool Ask(MeshContext context, string question)
    {
        context.Error.Write($"{question} [y/N] ");
        context.Error.Flush();
        return context.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
