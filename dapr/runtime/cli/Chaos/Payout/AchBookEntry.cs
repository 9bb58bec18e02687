namespace HmsMesh.Cli.Chaos.Payout;

/// <param name="Identification">The end of the payment's id.</param>
/// <param name="Trace">Its number in the file.</param>
internal sealed record AchBookEntry(long Cents, string Identification, long Trace);
