using System.Globalization;
using System.Text.Json;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.PubSub.Publishing;
using HmsMesh.Sidecar.Resources;
using HmsMesh.Sidecar.State.Outbox;

namespace HmsMesh.Sidecar.State;

/// <summary>The state API: save, get, delete, bulk get and transactions, and the outbox of these.</summary>
internal sealed class StateFeature(SidecarRuntime runtime, PubSubDirectory pubSubs) : ISidecarFeature
{
    private readonly StateDirectory _directory = new(runtime, pubSubs);
    private readonly OutboxPlanner _planner = new(runtime);
    private readonly OutboxRelays _relays = new(runtime, pubSubs);

    public void Map(ApiRouter router)
    {
        foreach (var method in new[] { "POST", "PUT" })
        {
            router.Map(method, "/v1.0/state/{store}", "state", SaveAsync);
            router.Map(method, "/v1.0/state/{store}/bulk", "state", BulkGetAsync);
            router.Map(method, "/v1.0/state/{store}/transaction", "state", TransactAsync);
            router.Map(method, "/v1.0-alpha1/state/{store}/query", "state", QueryAsync);
        }

        router.Map("GET", "/v1.0/state/{store}/{key}", "state", GetAsync);
        router.Map("DELETE", "/v1.0/state/{store}/{key}", "state", DeleteAsync);
    }

    public ValueTask AppReachableAsync(CancellationToken cancellationToken) => new(_relays.FollowAsync());

    public ValueTask ResourcesChangedAsync(ResourceChanges changes, CancellationToken cancellationToken)
    {
        _directory.Reload();
        return new(_relays.FollowAsync());
    }

    public ValueTask StopAsync(CancellationToken drained) => new(_relays.StopAsync(drained));

    private async ValueTask GetAsync(ApiCall call)
    {
        var key = call.Route("key");
        if ((Find(call, out var target) ?? StateChanges.Illegal(call.Route("store"), key)) is { } fault)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        StateItem? item;
        try
        {
            item = (await StateWork.ReadAsync(target!, [target!.Prefix + key], call.Aborted).ConfigureAwait(false))[0];
        }
        catch (SidecarException failure)
        {
            await call.FailAsync(StateFaults.NotGot(target!.Name, key, failure.Message)).ConfigureAwait(false);
            return;
        }

        if (item is null)
        {
            await call.AnswerAsync(204).ConfigureAwait(false);
            return;
        }

        call.Http.Response.Headers.ETag = item.ETag;
        if (item.Expires is { } expires)
        {
            call.Http.Response.Headers["metadata.ttlExpireTime"] = StateAnswers.Stamp(expires);
        }

        await call.AnswerAsync(200, item.Value).ConfigureAwait(false);
    }

    private async ValueTask DeleteAsync(ApiCall call)
    {
        var key = call.Route("key");
        if ((Find(call, out var target) ?? StateChanges.Illegal(call.Route("store"), key)) is { } fault)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        var query = call.Request.Query;
        var request = new StateRequest(key, default, call.Request.Headers.IfMatch, query["concurrency"], query["consistency"], null);
        var outcome = request.Change(target!.Prefix, delete: true, out var problem) is { } change
            ? (await StateWork.WriteAsync(target, [change], atomic: false, null, call.Aborted).ConfigureAwait(false))[0]
            : StateOutcome.Failed(problem!);
        await AnswerAsync(call, outcome.Kind == StateOutcomeKind.Applied ? null : StateFaults.NotDeleted(key, outcome)).ConfigureAwait(false);
    }

    private async ValueTask SaveAsync(ApiCall call)
    {
        if (Find(call, out var target) is { } missing)
        {
            await call.FailAsync(missing).ConfigureAwait(false);
            return;
        }

        using var body = await StateBody.ReadAsync(call, JsonValueKind.Array).ConfigureAwait(false);
        if (body.Fault is { } malformed)
        {
            await call.FailAsync(malformed).ConfigureAwait(false);
            return;
        }

        var changes = new List<StateChange>();
        foreach (var item in body.Root.EnumerateArray())
        {
            if (StateChanges.Read(call, target!.Name, target.Prefix, item, delete: false, out var fault, out var problem) is { } change)
            {
                changes.Add(change);
                continue;
            }

            await call.FailAsync(fault ?? StateFaults.NotSaved(target.Name, StateOutcome.Failed(problem!))).ConfigureAwait(false);
            return;
        }

        var outcomes = await StateWork.WriteAsync(target!, changes, atomic: false, null, call.Aborted).ConfigureAwait(false);
        var failed = outcomes.FirstOrDefault(static outcome => outcome.Kind != StateOutcomeKind.Applied);
        await AnswerAsync(call, failed.Kind == StateOutcomeKind.Applied ? null : StateFaults.NotSaved(target!.Name, failed)).ConfigureAwait(false);
    }

    private async ValueTask TransactAsync(ApiCall call)
    {
        if (Find(call, out var target) is { } missing)
        {
            await call.FailAsync(missing).ConfigureAwait(false);
            return;
        }

        using var body = await StateBody.ReadAsync(call, JsonValueKind.Object).ConfigureAwait(false);
        if (body.Fault is { } malformed)
        {
            await call.FailAsync(malformed).ConfigureAwait(false);
            return;
        }

        if (StateChanges.Transaction(call, target!.Name, target.Prefix, body.Root, out var fault) is not { } operations)
        {
            await call.FailAsync(fault!).ConfigureAwait(false);
            return;
        }

        var plan = target.Outbox is { } outbox && operations.Count > 0
            ? _planner.Plan(call, outbox, operations)
            : new([.. operations.Select(static operation => operation.Change)], []);
        if (plan.Events.Count > 0 && Unsayable(target.Outbox!, plan.Events) is { } unsayable)
        {
            await call.FailAsync(unsayable).ConfigureAwait(false);
            return;
        }

        var outcomes = plan.Changes.Count == 0
            ? []
            : await StateWork.WriteAsync(target, plan.Changes, atomic: true, plan.Events.Count > 0 ? plan.Events : null, call.Aborted).ConfigureAwait(false);
        if (plan.Events.Count > 0)
        {
            _relays.Wake(target.Name);
        }

        var failed = outcomes.FirstOrDefault(static outcome => outcome.Kind is StateOutcomeKind.ETagMismatch or StateOutcomeKind.Failed);
        await AnswerAsync(call, failed.Kind == StateOutcomeKind.Applied ? null : StateFaults.NoTransaction(failed)).ConfigureAwait(false);
    }

    private async ValueTask BulkGetAsync(ApiCall call)
    {
        if (Find(call, out var target) is { } missing)
        {
            await call.FailAsync(missing).ConfigureAwait(false);
            return;
        }

        using var body = await StateBody.ReadAsync(call, JsonValueKind.Object).ConfigureAwait(false);
        if (body.Fault is { } malformed)
        {
            await call.FailAsync(malformed).ConfigureAwait(false);
            return;
        }

        var keys = StateRequest.Find(body.Root, "keys") is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Select(static key => key.ValueKind == JsonValueKind.String ? key.GetString() : null).ToArray()
            : [];
        var fault = keys.Length > StateChanges.Most ? StateFaults.Body($"at most {StateChanges.Most.ToString(CultureInfo.InvariantCulture)} keys are read at once")
            : keys.Contains(null) ? StateFaults.Body("keys must be texts")
            : keys.Select(key => StateChanges.Illegal(target!.Name, key!)).FirstOrDefault(static illegal => illegal is not null);
        if (fault is not null)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        IReadOnlyList<StateItem?> items;
        try
        {
            items = await StateWork.ReadAsync(target!, [.. keys.Select(key => target!.Prefix + key)], call.Aborted).ConfigureAwait(false);
        }
        catch (SidecarException failure)
        {
            await call.FailAsync(StateFaults.BulkNotGot(failure.Message)).ConfigureAwait(false);
            return;
        }

        await call.AnswerAsync(200, StateAnswers.Bulk(keys!, items)).ConfigureAwait(false);
    }

    private static ValueTask AnswerAsync(ApiCall call, ApiFault? fault) => fault is null ? call.AnswerAsync(204) : call.FailAsync(fault);

    /// <summary>None of the stores that there are answers queries, and nor do daprd's of these types.</summary>
    private ValueTask QueryAsync(ApiCall call) => call.FailAsync(Find(call, out var target) ?? StateFaults.NoQueries(target!.Name));

    /// <summary>Why what a transaction says could not be published now; null: it could. It is asked before the transaction is begun.</summary>
    private ApiFault? Unsayable(OutboxSettings outbox, IReadOnlyList<OutboxEvent> events)
    {
        var app = runtime.Options.AppId;
        return !pubSubs.TryGet(outbox.PubSub, out var pubSub) ? StateFaults.NoOutbox(app, $"pubsub {outbox.PubSub} is not found")
            : !pubSub.Scopes.MayPublish(outbox.Topic) ? StateFaults.NoOutbox(app, $"topic {outbox.Topic} is not allowed for app id {app}")
            : events.Select(said => pubSub.Breach(said.Outgoing())).FirstOrDefault(static breach => breach is not null) is { } breach
                ? PublishFaults.BreaksContract(outbox.PubSub, outbox.Topic, breach)
            : null;
    }

    private ApiFault? Find(ApiCall call, out StateTarget? target)
    {
        var name = call.Route("store");
        return _directory.TryGet(name, out target) ? null
            : runtime.Components.Any<IStateStore>() ? StateFaults.NotFound(name, runtime.Options.AppId)
            : StateFaults.NotConfigured(name, runtime.Options.AppId);
    }
}
