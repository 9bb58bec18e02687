namespace HmsMesh.Cli.Generate.Model;

/// <summary>The inbound retry policy, as Dapr counts it: a constant wait, or one that grows by half from 500 ms to a bound,
/// each wait up to half shorter or longer by chance.</summary>
internal sealed record RetrySettings(bool Exponential, TimeSpan Interval, int MaxRetries)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    /// <summary>The shortest time in which the tries can be used up.</summary>
    public TimeSpan Shortest => Exponential ? Total * 0.5 : Total;

    /// <summary>The longest.</summary>
    public TimeSpan Longest => Exponential ? Total * 1.5 : Total;

    private TimeSpan Total
    {
        get
        {
            var total = TimeSpan.Zero;
            var wait = Exponential ? First : Interval;
            for (var retry = 0; retry < MaxRetries; retry++)
            {
                total += wait;
                if (Exponential)
                    wait = wait * 1.5 < Interval ? wait * 1.5 : Interval;
            }

            return total;
        }
    }
}
