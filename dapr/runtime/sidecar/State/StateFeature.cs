using System.Globalization;
using System.Text.Json;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.State;

/// <summary>The state API: save, get, delete, bulk get and transactions.</summary>
internal sealed class StateFeature(SidecarRuntime runtime) : ISidecarFeature
{
    public void Map(ApiRouter router)
    {
        foreach (var method in new[] { "POST", "PUT" })
        {
            router.Map(method, "/v1.0/state/{store}", "state", SaveAsync);
            router.Map(method, "/v1.0/state/{store}/bulk", "state", BulkGetAsync);
            router.Map(method, "/v1.0/state/{store}/transaction", "state", TransactAsync);
        }

        router.Map("GET", "/v1.0/state/{store}/{key}", "state", GetAsync);
        router.Map("DELETE", "/v1.0/state/{store}/{key}", "state", DeleteAsync);
    }

    private async ValueTask GetAsync(ApiCall call)
    {
        var key = call.Route("key");
        if ((Find(call, out var name, out var store, out var prefix) ?? StateChanges.Illegal(name, key)) is { } fault)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        StateItem? item;
        try
        {
            item = (await store!.GetAsync([prefix + key], call.Aborted).ConfigureAwait(false))[0];
        }
        catch (SidecarException failure)
        {
            await call.FailAsync(StateFaults.NotGot(name, key, failure.Message)).ConfigureAwait(false);
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
        if ((Find(call, out var name, out var store, out var prefix) ?? StateChanges.Illegal(name, key)) is { } fault)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        var query = call.Request.Query;
        var request = new StateRequest(key, default, call.Request.Headers.IfMatch, query["concurrency"], query["consistency"], null);
        var outcome = request.Change(prefix, delete: true, out var problem) is { } change
            ? (await store!.ApplyAsync([change], atomic: false, call.Aborted).ConfigureAwait(false))[0]
            : StateOutcome.Failed(problem!);
        await AnswerAsync(call, outcome.Kind == StateOutcomeKind.Applied ? null : StateFaults.NotDeleted(key, outcome)).ConfigureAwait(false);
    }

    private async ValueTask SaveAsync(ApiCall call)
    {
        if (Find(call, out var name, out var store, out var prefix) is { } missing)
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
            if (StateChanges.Read(call, name, prefix, item, delete: false, out var fault, out var problem) is { } change)
            {
                changes.Add(change);
                continue;
            }

            await call.FailAsync(fault ?? StateFaults.NotSaved(name, StateOutcome.Failed(problem!))).ConfigureAwait(false);
            return;
        }

        var outcomes = await store!.ApplyAsync(changes, atomic: false, call.Aborted).ConfigureAwait(false);
        var failed = outcomes.FirstOrDefault(static outcome => outcome.Kind != StateOutcomeKind.Applied);
        await AnswerAsync(call, failed.Kind == StateOutcomeKind.Applied ? null : StateFaults.NotSaved(name, failed)).ConfigureAwait(false);
    }

    private async ValueTask TransactAsync(ApiCall call)
    {
        if (Find(call, out var name, out var store, out var prefix) is { } missing)
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

        if (StateChanges.Transaction(call, name, prefix, body.Root, out var fault) is not { } changes)
        {
            await call.FailAsync(fault!).ConfigureAwait(false);
            return;
        }

        var outcomes = changes.Count == 0 ? [] : await store!.ApplyAsync(changes, atomic: true, call.Aborted).ConfigureAwait(false);
        var failed = outcomes.FirstOrDefault(static outcome => outcome.Kind is StateOutcomeKind.ETagMismatch or StateOutcomeKind.Failed);
        await AnswerAsync(call, failed.Kind == StateOutcomeKind.Applied ? null : StateFaults.NoTransaction(failed)).ConfigureAwait(false);
    }

    private async ValueTask BulkGetAsync(ApiCall call)
    {
        if (Find(call, out var name, out var store, out var prefix) is { } missing)
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
            : keys.Select(key => StateChanges.Illegal(name, key!)).FirstOrDefault(static illegal => illegal is not null);
        if (fault is not null)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        IReadOnlyList<StateItem?> items;
        try
        {
            items = await store!.GetAsync([.. keys.Select(key => prefix + key)], call.Aborted).ConfigureAwait(false);
        }
        catch (SidecarException failure)
        {
            await call.FailAsync(StateFaults.BulkNotGot(failure.Message)).ConfigureAwait(false);
            return;
        }

        await call.AnswerAsync(200, StateAnswers.Bulk(keys!, items)).ConfigureAwait(false);
    }

    private static ValueTask AnswerAsync(ApiCall call, ApiFault? fault) => fault is null ? call.AnswerAsync(204) : call.FailAsync(fault);

    private ApiFault? Find(ApiCall call, out string name, out IStateStore? store, out string prefix)
    {
        name = call.Route("store");
        if (runtime.Components.TryGet(name, out store, out LoadedComponent? loaded))
        {
            prefix = KeyPrefix.Of(loaded, runtime.Options);
            return null;
        }

        prefix = "";
        return runtime.Components.Any<IStateStore>()
            ? StateFaults.NotFound(name, runtime.Options.AppId)
            : StateFaults.NotConfigured(name, runtime.Options.AppId);
    }
}
