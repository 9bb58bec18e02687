using HmsMesh.Broker;

namespace HmsMesh.Cli.Chaos.Power;

/// <summary>Notes what it gets, and answers as the events say.</summary>
internal sealed class PowerHandler(string consumer, History history) : IDeliveryHandler
{
    public ValueTask<IReadOnlyList<Verdict>> HandleAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var verdicts = new Verdict[deliveries.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            var text = PowerEvents.Text(deliveries[i].Event);
            verdicts[i] = PowerEvents.Judge(consumer, text, deliveries[i].Try);
            history.Note(new Handed(consumer, deliveries[i].Event.Offset, deliveries[i].Event.Key ?? "", text, verdicts[i].Kind == VerdictKind.Handled));
        }

        return ValueTask.FromResult<IReadOnlyList<Verdict>>(verdicts);
    }
}
