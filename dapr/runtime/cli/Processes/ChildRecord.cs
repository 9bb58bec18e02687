namespace HmsMesh.Cli.Processes;

/// <summary>A child as the next mesh would find it: a pid alone may belong to another program by then.</summary>
/// <param name="Service">Whose process it is.</param>
/// <param name="Pid">Also the id of its session and process group.</param>
/// <param name="Stamp">When the process started, see <see cref="ProcessStamp"/>.</param>
internal sealed record ChildRecord(string Service, int Pid, string Stamp);
