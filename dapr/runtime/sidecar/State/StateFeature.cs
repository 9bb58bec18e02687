using System.Buffers;
using System.Globalization;
using System.Text.Json;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.State;

/// <summary>The state API: save, get, delete, bulk get and transactions.</summary>
internal sealed class StateFeature(SidecarRuntime runtime) : ISidecarFeature
{
    private const int MostItems = 10_000;

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
        if ((Find(call, out var name, out var store, out var prefix) ?? Illegal(name, key)) is { } fault)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        if ((await store!.GetAsync([prefix + key], call.Aborted).ConfigureAwait(false))[0] is not { } item)
        {
            await call.AnswerAsync(204).ConfigureAwait(false);
            return;
        }

        call.Http.Response.Headers.ETag = item.ETag;
        if (item.Expires is { } expires)
        {
            call.Http.Response.Headers["metadata.ttlExpireTime"] = Stamp(expires);
        }

        await call.AnswerAsync(200, item.Value).ConfigureAwait(false);
    }

    private async ValueTask DeleteAsync(ApiCall call)
    {
        var key = call.Route("key");
        if ((Find(call, out var name, out var store, out var prefix) ?? Illegal(name, key)) is { } fault)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        var query = call.Request.Query;
        var request = new StateRequest(key, default, call.Request.Headers.IfMatch, query["concurrency"], query["consistency"], null);
        var outcome = request.Change(prefix, delete: true, out var problem) is { } change
            ? (await store!.ApplyAsync([change], atomic: false, call.Aborted).ConfigureAwait(false))[0]
            : StateOutcome.Failed(problem!);
        await (outcome.Kind == StateOutcomeKind.Applied ? call.AnswerAsync(204) : call.FailAsync(StateFaults.NotDeleted(key, outcome))).ConfigureAwait(false);
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
            if (Change(call, name, prefix, item, delete: false, out var fault, out var problem) is { } change)
            {
                changes.Add(change);
                continue;
            }

            await call.FailAsync(fault ?? StateFaults.NotSaved(name, StateOutcome.Failed(problem!))).ConfigureAwait(false);
            return;
        }

        var outcomes = await store!.ApplyAsync(changes, atomic: false, call.Aborted).ConfigureAwait(false);
        var failed = outcomes.FirstOrDefault(static outcome => outcome.Kind != StateOutcomeKind.Applied);
        await (failed.Kind == StateOutcomeKind.Applied ? call.AnswerAsync(204) : call.FailAsync(StateFaults.NotSaved(name, failed))).ConfigureAwait(false);
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

        if (Operations(call, name, prefix, body.Root, out var fault) is not { } changes)
        {
            await call.FailAsync(fault!).ConfigureAwait(false);
            return;
        }

        var outcomes = changes.Count == 0 ? [] : await store!.ApplyAsync(changes, atomic: true, call.Aborted).ConfigureAwait(false);
        var failed = outcomes.FirstOrDefault(static outcome => outcome.Kind is StateOutcomeKind.ETagMismatch or StateOutcomeKind.Failed);
        await (failed.Kind == StateOutcomeKind.Applied ? call.AnswerAsync(204) : call.FailAsync(StateFaults.NoTransaction(failed))).ConfigureAwait(false);
    }

    private static List<StateChange>? Operations(ApiCall call, string store, string prefix, JsonElement root, out ApiFault? fault)
    {
        var changes = new List<StateChange>();
        fault = null;
        if (StateRequest.Find(root, "operations") is not { ValueKind: JsonValueKind.Array } operations)
        {
            return changes;
        }

        foreach (var operation in operations.EnumerateArray())
        {
            var kind = StateRequest.Find(operation, "operation") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
            if (kind is not ("upsert" or "delete"))
            {
                fault = StateFaults.UnknownOperation(kind);
                return null;
            }

            var request = StateRequest.Find(operation, "request") ?? default;
            if (Change(call, store, prefix, request, kind == "delete", out fault, out var problem) is not { } change)
            {
                fault ??= StateFaults.NoTransaction(StateOutcome.Failed(problem!));
                return null;
            }

            changes.Add(change);
            if (changes.Count > MostItems)
            {
                fault = StateFaults.Body($"a transaction holds at most {MostItems.ToString(CultureInfo.InvariantCulture)} operations");
                return null;
            }
        }

        return changes;
    }

    private static StateChange? Change(ApiCall call, string store, string prefix, JsonElement item, bool delete, out ApiFault? fault, out string? problem)
    {
        fault = null;
        if (StateRequest.Read(item, call.Metadata, out problem) is not { } request)
        {
            fault = StateFaults.Body(problem!);
            return null;
        }

        fault = Illegal(store, request.Key);
        return fault is null ? request.Change(prefix, delete, out problem) : null;
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
        var fault = keys.Length > MostItems ? StateFaults.Body($"at most {MostItems.ToString(CultureInfo.InvariantCulture)} keys are read at once")
            : keys.Contains(null) ? StateFaults.Body("keys must be texts")
            : keys.Select(key => Illegal(name, key!)).FirstOrDefault(static illegal => illegal is not null);
        if (fault is not null)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        var items = await store!.GetAsync([.. keys.Select(key => prefix + key)], call.Aborted).ConfigureAwait(false);
        await call.AnswerAsync(200, Bulk(keys!, items)).ConfigureAwait(false);
    }

    private static ReadOnlyMemory<byte> Bulk(IReadOnlyList<string> keys, IReadOnlyList<StateItem?> items)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer, JsonFormat.Relaxed))
        {
            json.WriteStartArray();
            for (var at = 0; at < keys.Count; at++)
            {
                json.WriteStartObject();
                json.WriteString("key"u8, keys[at]);
                if (items[at] is { } item)
                {
                    json.WritePropertyName("data"u8);
                    json.WriteRawValue(item.Value.Span, skipInputValidation: true);
                    json.WriteString("etag"u8, item.ETag);
                    if (item.Expires is { } expires)
                    {
                        json.WriteStartObject("metadata"u8);
                        json.WriteString("ttlExpireTime"u8, Stamp(expires));
                        json.WriteEndObject();
                    }
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static ApiFault? Illegal(string store, string key) => KeyPrefix.IsLegal(key) ? null : StateFaults.IllegalKey(store, key);

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
