using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Supervision;

/// <summary>What the runners of one mesh share.</summary>
/// <param name="LongestBackoff">The longest that what died waits until it is started again; null for the usual.</param>
internal sealed record ServiceTools(LogHub Hub, HealthProbe Probe, Leftovers Leftovers, Action<string> Report, TimeProvider Time, TimeSpan? LongestBackoff = null);
