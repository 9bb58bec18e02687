using System.Globalization;
using System.Text.Json;
using HmsMesh.Sidecar.Api;

namespace HmsMesh.Sidecar.State;

/// <summary>What a body asks to be changed.</summary>
internal static class StateChanges
{
    /// <summary>As many items as one call may name.</summary>
    public const int Most = 10_000;

    /// <summary>What a transaction asks for; null with the fault to answer with.</summary>
    public static List<StateOperation>? Transaction(ApiCall call, string store, string prefix, JsonElement root, out ApiFault? fault)
    {
        var changes = new List<StateOperation>();
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
            if (Read(call, store, prefix, request, kind == "delete", out fault, out var problem) is not { } change)
            {
                fault ??= StateFaults.NoTransaction(StateOutcome.Failed(problem!));
                return null;
            }

            changes.Add(new(change, request));
            if (changes.Count > Most)
            {
                fault = StateFaults.Body($"a transaction holds at most {Most.ToString(CultureInfo.InvariantCulture)} operations");
                return null;
            }
        }

        return changes;
    }

    /// <summary>The change that an item asks for; null with the fault to answer with, or with why it can't be made.</summary>
    public static StateChange? Read(ApiCall call, string store, string prefix, JsonElement item, bool delete, out ApiFault? fault, out string? problem)
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

    /// <summary>The fault of a key that would reach into another's prefix; null: it is a key.</summary>
    public static ApiFault? Illegal(string store, string key) => KeyPrefix.IsLegal(key) ? null : StateFaults.IllegalKey(store, key);
}
