namespace HmsMesh.Bank.Entries;

/// <summary>An entry that the bank took.</summary>
internal sealed record Entry
{
    public string Id { get; init; } = "";

    public string Key { get; init; } = "";

    public string Fingerprint { get; init; } = "";

    public long Cents { get; init; }

    public string Day { get; init; } = "";

    public long TakenAt { get; init; }

    public string? ReturnCode { get; init; }

    public long? ReturnNumber { get; init; }

    public EntryView View => new(Key, Cents, Day, DateTimeOffset.FromUnixTimeMilliseconds(TakenAt), ReturnCode);
}
