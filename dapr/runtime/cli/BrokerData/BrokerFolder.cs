using HmsMesh.Broker;
using HmsMesh.Cli.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.BrokerData;

/// <summary>The broker in a data folder, whether it runs or not.</summary>
internal static class BrokerFolder
{
    private const string Name = "broker";

    /// <summary>The data folder's own, or the folder itself where it is a broker's: a component's `path` may name any.</summary>
    public static string Of(DataFolder data) =>
        Path.Combine(data.Path, Name) is var own && !Directory.Exists(own) && Directory.Exists(data.Path) && Directory.EnumerateFiles(data.Path, "*.log").Any()
            ? data.Path
            : own;

    /// <summary>Looks into it. Nothing is changed.</summary>
    public static LogView Look(MeshContext context, string? data)
    {
        var folder = Of(DataFolder.At(context.Root, data));
        if (!Directory.Exists(folder) || Directory.GetFiles(folder, "*.log").Length == 0)
            throw new MeshException($"there is no broker in {folder} yet; 'mesh up' makes it, --data DIR names another data folder.");
        return Told(() => LogView.Open(folder));
    }

    /// <summary>Opens it to change something: beside whoever has it open. It keeps whatever it finds.</summary>
    public static async Task<IEventBroker> OpenAsync(MeshContext context, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await EventBroker.OpenAsync(
                new BrokerOptions { Path = folder, Retention = TimeSpan.FromDays(36_500), MaxSize = long.MaxValue / 4, Time = context.Time },
                NullLogger.Instance,
                cancellationToken);
        }
        catch (BrokerException problem)
        {
            throw new MeshException(problem.Message);
        }
    }

    /// <summary>What the broker has to say against it, in one line.</summary>
    public static T Told<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (BrokerException problem)
        {
            throw new MeshException(problem.Message);
        }
    }
}
