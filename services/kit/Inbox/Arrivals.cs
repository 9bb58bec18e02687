using System.Text.Json;
using HmsMesh.Contracts;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>What happens to an event that arrives: the envelope is read, the contract checked, and each handler runs once, in one
/// transaction with the note that it did.</summary>
internal sealed class Arrivals(
    Workshop workshop, JsonSerializerOptions json, MeshSettings settings, MeshStats stats, IEnumerable<IMeshObserver> observers, TimeProvider time, ILogger<Arrivals> log)
{
    private const string Note = "INSERT INTO mesh_inbox (source, id, handler, handled_at) VALUES (@source, @id, @handler, @now) ON CONFLICT DO NOTHING";

    private readonly IMeshObserver[] _observers = [.. observers];

    public async Task<Outcome> TakeAsync(string topic, IReadOnlyList<Hearing> hearings, ReadOnlyMemory<byte> envelope, bool isRehearsal, CancellationToken cancellationToken)
    {
        var (cloudEvent, fault) = CloudEventJson.Read(envelope);
        if (cloudEvent is null)
        {
            return Drop(topic, null, $"it is no CloudEvent: {fault}");
        }

        if (hearings[0].Contract.Check(cloudEvent.Data) is { IsValid: false } broken)
        {
            return Drop(topic, cloudEvent, $"it breaks the contract: {broken}");
        }

        using var activity = Telemetry.StartHandling(topic, cloudEvent);
        var outcome = Outcome.Duplicate;
        foreach (var hearing in hearings)
        {
            var one = await HandleAsync(hearing, cloudEvent, isRehearsal, cancellationToken).ConfigureAwait(false);
            outcome = one == Outcome.Duplicate ? outcome : one;
            if (outcome == Outcome.Failed)
            {
                break;
            }
        }

        activity?.SetTag("mesh.outcome", outcome.ToString());
        return outcome;
    }

    private async Task<Outcome> HandleAsync(Hearing hearing, CloudEvent cloudEvent, bool isRehearsal, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.HandlerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var isDuplicate = false;
        try
        {
            var context = await workshop.TransactAsync(
                cloudEvent,
                isRehearsal,
                async (work, token) =>
                {
                    isDuplicate = !await NoteAsync(work, hearing, cloudEvent, token).ConfigureAwait(false);
                    if (isDuplicate)
                    {
                        return false;
                    }

                    await hearing.Run(cloudEvent.Data, json, new Handling(work, cloudEvent), token).ConfigureAwait(false);
                    return true;
                },
                either.Token).ConfigureAwait(false);
            if (!isRehearsal)
            {
                Done(hearing, cloudEvent, isDuplicate, context.IsStale);
            }

            return isDuplicate ? Outcome.Duplicate : Outcome.Handled;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            return Fail(hearing, cloudEvent, e, $"it took longer than {settings.HandlerTimeout}", isRehearsal);
        }
        catch (UnreadablePayloadException e) when (!isRehearsal)
        {
            return Drop(hearing.Topic, cloudEvent, e.Message);
        }
        catch (Exception e)
        {
            return Fail(hearing, cloudEvent, e, e.Message, isRehearsal);
        }
    }

    private static async Task<bool> NoteAsync(WorkContext work, Hearing hearing, CloudEvent cloudEvent, CancellationToken cancellationToken) =>
        await work.Db.RunAsync(
            Note,
            cancellationToken,
            ("source", cloudEvent.Source),
            ("id", cloudEvent.Id),
            ("handler", hearing.Name),
            ("now", work.Time.GetUtcNow().ToUnixTimeMilliseconds())).ConfigureAwait(false) == 1;

    private void Done(Hearing hearing, CloudEvent cloudEvent, bool isDuplicate, bool isStale)
    {
        var age = cloudEvent.Time is { } said ? time.GetUtcNow() - said : TimeSpan.Zero;
        if (isDuplicate)
        {
            log.Duplicate(hearing.Topic, cloudEvent.Id, cloudEvent.Source);
        }
        else if (isStale)
        {
            log.Stale(hearing.Topic, cloudEvent.Id, age.TotalMilliseconds);
        }
        else
        {
            log.Handled(hearing.Topic, cloudEvent.Id, age.TotalMilliseconds);
        }

        Tell(new HandledEvent(settings.AppId, hearing.Topic, cloudEvent, isDuplicate ? Outcome.Duplicate : Outcome.Handled, isStale, age, null));
    }

    private Outcome Fail(Hearing hearing, CloudEvent cloudEvent, Exception exception, string reason, bool isRehearsal)
    {
        if (isRehearsal)
        {
            log.RehearsalFailed(exception, hearing.Topic);
            return Outcome.Failed;
        }

        log.HandlerFailed(exception, hearing.Topic, cloudEvent.Id);
        Tell(new HandledEvent(settings.AppId, hearing.Topic, cloudEvent, Outcome.Failed, false, TimeSpan.Zero, reason));
        return Outcome.Failed;
    }

    private Outcome Drop(string topic, CloudEvent? cloudEvent, string reason)
    {
        log.Dropped(topic, cloudEvent?.Id ?? "(none)", reason);
        Tell(new HandledEvent(settings.AppId, topic, cloudEvent, Outcome.Dropped, false, TimeSpan.Zero, reason));
        return Outcome.Dropped;
    }

    private void Tell(HandledEvent handled)
    {
        stats.Count(handled);
        foreach (var observer in _observers)
        {
            observer.Handled(handled);
        }
    }
}
