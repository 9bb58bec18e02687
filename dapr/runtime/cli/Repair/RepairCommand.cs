using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Cli.BrokerData;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Repair;

/// <summary>`mesh repair`: names what is damaged in the broker's log, copies it, and mends it.</summary>
internal static class RepairCommand
{
    public static Command Create(MeshContext context)
    {
        var yes = new Option<bool>("--yes", "-y") { Description = "Mend without asking. Where nobody can be asked and this is not given, nothing is changed." };
        var json = SharedOptions.Json();
        var data = SharedOptions.Data();
        var command = new Command("repair", "Look for damage in the broker's log and mend it: says what it keeps and what is lost, after a copy of the folder as it is. The mesh must be down.")
        {
            yes, json, data,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(
            Run(context, parsed.GetValue(data), parsed.GetValue(yes), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(MeshContext context, string? data, bool yes, bool json, CancellationToken cancellationToken)
    {
        var folder = BrokerFolder.Of(DataFolder.At(context.Root, data));
        if (!Directory.Exists(folder))
            throw new MeshException($"there is no broker in {folder}; --data DIR names another data folder.");
        using var repair = BrokerFolder.Told(() => LogRepair.Open(folder, cancellationToken));
        if (json)
            context.Out.WriteLine(JsonSerializer.Serialize(repair.Report, BrokerJson.Default.RepairReport));
        if (repair.Report.Damages.Count == 0)
        {
            context.Error.WriteLine($"mesh: nothing is damaged in {folder}: {repair.Report.Kept} records, all as they were written");
            return ExitCode.Done;
        }

        foreach (var damage in repair.Report.Damages)
            context.Error.WriteLine($"mesh: {damage.File} is damaged at byte {damage.Position}: {damage.What}{Lost(damage)}");
        if (!yes && !context.Interactive)
        {
            Tell(context, repair.Report);
            context.Error.WriteLine("mesh: nothing was changed; --yes mends it");
            return ExitCode.Failed;
        }

        var copy = $"{folder}.damaged-{context.Time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        repair.CopyTo(copy, cancellationToken);
        context.Error.WriteLine($"mesh: as it is now, it is kept in {copy}");
        Tell(context, repair.Report);
        if (!yes && !Question.Ask(context, "Mend it?"))
        {
            context.Error.WriteLine("mesh: nothing was changed");
            return ExitCode.Failed;
        }

        repair.Apply(context.Time.GetUtcNow());
        context.Error.WriteLine("mesh: it is mended; 'mesh up' goes on with it");
        return ExitCode.Done;
    }

    private static string Lost(LogDamage damage) => damage.Until == damage.From ? "; no record is lost by it"
        : damage.Until == damage.From + 1 ? $"; offset {damage.From} is lost"
        : $"; offsets {damage.From} to {damage.Until - 1} are lost";

    private static void Tell(MeshContext context, RepairReport report)
    {
        context.Error.WriteLine($"  {report.Kept} records are kept, {report.Lost} are lost; records of the broker itself count, too");
        foreach (var topic in report.Topics)
            context.Error.WriteLine($"  {topic.Topic}: {topic.Kept} events kept{(topic.Lost > 0 ? $", {topic.Lost} lost" : "")}");
        foreach (var one in report.Subscribers.Where(static one => one.Lag > 0))
            context.Error.WriteLine($"  {one.Consumer} gets {one.Lag} events of {one.Topic}, some of which it may have handled already");
        if (report.Unknown > 0)
            context.Error.WriteLine($"  {report.Unknown} subscriptions are not known any more; they begin with what is said once they are back");
    }
}
