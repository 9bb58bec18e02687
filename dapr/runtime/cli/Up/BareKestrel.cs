using HmsMesh.Cli.Processes;
using HmsMesh.Cli.RunFile;
using HmsMesh.Cli.Supervision;
using HmsMesh.Shared;
using Microsoft.AspNetCore.Builder;

namespace HmsMesh.Cli.Up;

/// <summary>The yardstick of `up --timings`: a web program that does nothing but say that it is healthy, started as services are.</summary>
internal static class BareKestrel
{
    public const string Name = "bare-kestrel";

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:" + Environment.GetEnvironmentVariable("APP_PORT"));
        app.Run(_ => Task.CompletedTask);
        await app.RunAsync();
        return ExitCode.Done;
    }

    /// <summary>Starts one, beside the services, and measures it until it is healthy.</summary>
    public static async Task<StartCost> MeasureAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var plan = Plan();
        using var probe = new HealthProbe(time);
        var began = time.GetTimestamp();
        using var child = Child.Start(plan.App.Command, plan.App.Folder, plan.Environment(), _ => { });
        try
        {
            await probe.UntilHealthyAsync(plan, cancellationToken);
            return new StartCost(time.GetElapsedTime(began), ProcessStamp.CpuOf(child.Pid) ?? TimeSpan.Zero);
        }
        finally
        {
            child.Kill();
            await child.Ended;
        }
    }

    /// <summary>What one holds in memory, in megabytes, once it has been idle for a while.</summary>
    public static async Task<double> ResidentAsync(TimeProvider time, TimeSpan idle, CancellationToken cancellationToken)
    {
        var plan = Plan();
        using var probe = new HealthProbe(time);
        using var child = Child.Start(plan.App.Command, plan.App.Folder, plan.Environment(), _ => { });
        try
        {
            await probe.UntilHealthyAsync(plan, cancellationToken);
            await Task.Delay(idle, time, cancellationToken);
            return ProcessStamp.ResidentOf(child.Pid);
        }
        finally
        {
            child.Kill();
            await child.Ended;
        }
    }

    /// <summary>How to run one, on a free port.</summary>
    public static ServicePlan Plan() => new()
    {
        App = new RunApp { AppId = Name, Folder = AppContext.BaseDirectory, Command = [Environment.ProcessPath!, Name], Place = Name },
        AppPort = FreePorts.Take(),
        SidecarPort = 0,
        ApiToken = "",
        AppToken = "",
        Data = AppContext.BaseDirectory,
    };
}
