namespace HmsMesh.Broker.Tests.Support;

/// <summary>A schedule of so many retries, each after the same delay.</summary>
internal sealed class Fixed(TimeSpan delay, int retries) : IRetrySchedule
{
    public TimeSpan? DelayAfter(int tries) => tries > retries ? null : delay;
}
