namespace HmsMesh.Sidecar.Api;

/// <summary>An error as daprd gives it: status, errorCode, message, and where it has them, details.</summary>
internal sealed record ApiFault(int Status, string ErrorCode, string Message)
{
    /// <summary>ErrorInfo's reason, such as DAPR_PUBSUB_NOT_FOUND; null: no details.</summary>
    public string? Reason { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>ResourceInfo, such as ("pubsub", "name").</summary>
    public (string Type, string Name)? Resource { get; init; }

    /// <summary>BadRequest's one violation; the error then begins with it.</summary>
    public (string Field, string Description)? FieldViolation { get; init; }
}
