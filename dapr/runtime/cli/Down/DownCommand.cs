using System.CommandLine;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Down;

/// <summary>`mesh down`: ends the running mesh in order, and waits for its end.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static Command Create(MeshContext context)
    {
        var data = SharedOptions.Data();
        var command = new Command("down", "End the running mesh: services drain, then sidecars, then the broker.") { data };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, DataFolder.At(context.Root, parsed.GetValue(data)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(MeshContext context, DataFolder data, CancellationToken cancellationToken)
    {
        using (var mesh = new ControlClient(data))
        {
            using var answer = await mesh.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/down"), cancellationToken);
        }

        var until = context.Time.GetUtcNow() + Patience;
        while (FolderLock.IsHeld(data))
        {
            if (context.Time.GetUtcNow() > until)
                throw new MeshException($"the mesh on {data.Path} was told to end but runs after {Patience.TotalSeconds:0} s; its log is {data.Logs}.");

            // The kernel frees the lock at the very end; it tells nobody.
            await Task.Delay(Look, context.Time, cancellationToken);
        }

        await context.Error.WriteLineAsync("mesh: ended");
        return ExitCode.Done;
    }
}
