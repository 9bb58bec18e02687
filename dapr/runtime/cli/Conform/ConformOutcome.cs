namespace HmsMesh.Cli.Conform;

internal enum ConformOutcome
{
    AsRecorded,
    Differs,
    Skipped,
}
