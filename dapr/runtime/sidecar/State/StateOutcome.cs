namespace HmsMesh.Sidecar.State;

public enum StateOutcome
{
    Applied,
    ETagMismatch,
    ETagInvalid,
    Failed,
}
