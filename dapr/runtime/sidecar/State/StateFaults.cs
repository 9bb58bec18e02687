using HmsMesh.Sidecar.Api;

namespace HmsMesh.Sidecar.State;

/// <summary>The state API's errors, as daprd words them.</summary>
internal static class StateFaults
{
    private const string Malformed = "ERR_MALFORMED_REQUEST";

    public static ApiFault NotConfigured(string store, string appId) => new(500, "ERR_STATE_STORE_NOT_CONFIGURED", $"state store {store} is not configured")
    {
        Reason = "DAPR_STATE_NOT_CONFIGURED",
        Metadata = new Dictionary<string, string> { ["appID"] = appId },
    };

    public static ApiFault NotFound(string store, string appId) => new(400, "ERR_STATE_STORE_NOT_FOUND", $"state store {store} is not found")
    {
        Reason = "DAPR_STATE_NOT_FOUND",
        Metadata = new Dictionary<string, string> { ["appID"] = appId },
    };

    public static ApiFault IllegalKey(string store, string key)
    {
        var message = $"api error: code = InvalidArgument desc = input key/keyPrefix '{key}' can't contain '||'";
        return new(400, Malformed, message)
        {
            Reason = "DAPR_STATE_ILLEGAL_KEY",
            Resource = ("state", store),
            FieldViolation = (key, message),
        };
    }

    public static ApiFault Body(string problem) => new(400, Malformed, problem);

    public static ApiFault TooLarge { get; } = new(400, Malformed, "stream too large");

    public static ApiFault NotSaved(string store, StateOutcome outcome) =>
        new(Status(outcome), "ERR_STATE_SAVE", $"failed saving state in state store {store}: {Reason(outcome)}");

    public static ApiFault NotDeleted(string key, StateOutcome outcome) =>
        new(Status(outcome), "ERR_STATE_DELETE", $"failed deleting state with key {key}: {Reason(outcome)}");

    public static ApiFault NotGot(string store, string key, string problem) =>
        new(500, "ERR_STATE_GET", $"fail to get {key} from state store {store}: {problem}");

    public static ApiFault BulkNotGot(string problem) => new(500, "ERR_STATE_BULK_GET", problem);

    public static ApiFault NoTransaction(StateOutcome outcome) =>
        new(500, "ERR_STATE_TRANSACTION", $"error while executing state transaction: {Reason(outcome)}");

    public static ApiFault UnknownOperation(string operation) =>
        new(400, "ERR_NOT_SUPPORTED_STATE_OPERATION", $"operation type {operation} not supported");

    /// <summary>The events of a transaction can't be published: it is not begun.</summary>
    public static ApiFault NoOutbox(string appId, string problem) => new(500, "ERR_PUBLISH_OUTBOX", $"error while publishing outbox message: {problem}")
    {
        Reason = "DAPR_PUBSUB_OUTBOX",
        Metadata = new Dictionary<string, string> { ["appID"] = appId, ["error"] = problem },
    };

    public static ApiFault NoQueries(string store) => new(500, "ERR_STATE_STORE_NOT_SUPPORTED", "state store does not support querying")
    {
        Reason = "DAPR_STATE_QUERYING_NOT_SUPPORTED",
        Resource = ("state", store),
    };

    private static int Status(StateOutcome outcome) => outcome.Kind == StateOutcomeKind.ETagMismatch ? 409 : 500;

    private static string Reason(StateOutcome outcome) => outcome.Kind == StateOutcomeKind.ETagMismatch
        ? $"possible etag mismatch. error from state store: {outcome.Problem}"
        : outcome.Problem ?? "";
}
