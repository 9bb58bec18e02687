namespace HmsMesh.Sidecar.State;

public enum StateOutcomeKind
{
    Applied,
    ETagMismatch,
    Failed,
    Skipped,
}
