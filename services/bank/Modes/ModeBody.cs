namespace HmsMesh.Bank.Modes;

/// <summary>The mode, as it is asked for and told.</summary>
internal sealed record ModeBody(string? Mode)
{
    public static ModeBody Of(BankMode mode) => new(mode.ToString().ToLowerInvariant());

    public bool TryRead(out BankMode mode)
    {
        foreach (var known in Enum.GetValues<BankMode>())
        {
            if (Of(known).Mode == Mode)
            {
                mode = known;
                return true;
            }
        }

        mode = default;
        return false;
    }
}
