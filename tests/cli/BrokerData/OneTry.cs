using HmsMesh.Broker;

namespace HmsMesh.Cli.Tests.BrokerData;

internal sealed class OneTry : IRetrySchedule
{
    public TimeSpan? DelayAfter(int tries) => null;
}
