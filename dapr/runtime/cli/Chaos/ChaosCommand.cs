using System.CommandLine;
using HmsMesh.Cli.Chaos.Disks;
using HmsMesh.Cli.Chaos.Kill;
using HmsMesh.Cli.Chaos.Payout;
using HmsMesh.Cli.Chaos.Power;

namespace HmsMesh.Cli.Chaos;

/// <summary>`mesh chaos`: breaks the broker in every way it must stand, and counts.</summary>
internal static class ChaosCommand
{
    public static Command Create(MeshContext context) =>
        new("chaos", "Break the broker and the mesh at random, and count what was lost (see docs/chaos.md).")
        {
            KillCommand.Create(context),
            PowerCommand.Create(context),
            DiskCommand.Create(context),
            PayoutCommand.Create(context),
        };
}
