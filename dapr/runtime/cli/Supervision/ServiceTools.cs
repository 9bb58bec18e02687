using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Supervision;

/// <summary>What the runners of one mesh share.</summary>
internal sealed record ServiceTools(LogHub Hub, HealthProbe Probe, Leftovers Leftovers, Action<string> Report, TimeProvider Time);
