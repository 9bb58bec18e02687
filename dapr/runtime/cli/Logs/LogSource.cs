namespace HmsMesh.Cli.Logs;

internal enum LogSource
{
    App,
    Sidecar,
    Mesh,
}
