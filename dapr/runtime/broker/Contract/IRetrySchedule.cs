namespace HmsMesh.Broker;

/// <summary>A retry policy as a value: the broker counts tries on disk and asks it.</summary>
public interface IRetrySchedule
{
    /// <summary>The delay before the next try after <paramref name="tries"/> failed ones (1 or more); null: give up.</summary>
    TimeSpan? DelayAfter(int tries);
}
