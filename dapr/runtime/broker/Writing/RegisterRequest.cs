using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Writing;

/// <summary>Makes a consumer known in the log, unless it is.</summary>
internal sealed class RegisterRequest(SubscriptionOptions options) : WriteRequest, IRecordOwner
{
    private readonly TaskCompletionSource<ConsumerGroup> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConsumerState? _state;
    private ConsumerGroup? _known;

    public Task<ConsumerGroup> Done => _done.Task;

    private string Identity => $"{options.StartFrom} {options.DeadLetterTopic ?? options.Consumer + ".dead"}";

    public override void Assemble(LogWriter writer)
    {
        // Another request of this group may make the same consumer.
        writer.Commit();
        var core = writer.Core;
        if (core.Groups.TryGetValue((options.PubSub, options.Topic, options.Consumer), out _known))
        {
            if (_known.Identity == Identity)
            {
                _done.TrySetResult(_known);
                return;
            }

            _state = new ConsumerState(_known.Id, options.PubSub, options.Topic, options.Consumer) { Identity = Identity };
        }
        else
        {
            _state = new ConsumerState(core.TakeConsumerId(), options.PubSub, options.Topic, options.Consumer) { Identity = Identity, Cursor = -1 };
            if (options.StartFrom == StartFrom.Earliest)
            {
                (_state.Cursor, _state.Count) = core.Earliest(options.PubSub, options.Topic);
            }
        }

        _core = core;
        writer.AppendControl(this, RecordKind.Consumer, StateCodec.Consumer(_state));
        writer.Commit();
    }

    public void Stored(int index, long offset)
    {
        if (_known is not null)
        {
            _known.Identity = Identity;
            _done.TrySetResult(_known);
            return;
        }

        var state = _state!;
        var topic = _core!.Topic(options.PubSub, options.Topic);
        if (state.Cursor < 0)
        {
            (state.Cursor, state.Count) = (offset, topic.Total);
        }

        _done.TrySetResult(_core.AddGroup(state));
    }

    public void Refused(int index, PublishStatus status, string problem) =>
        _done.TrySetException(new BrokerException($"{options.Consumer} can't be registered for {options.Topic}: {problem}"));

    public override void Abandon() => Refused(0, PublishStatus.Closed, "The broker is closing.");

    private BrokerCore? _core;
}
