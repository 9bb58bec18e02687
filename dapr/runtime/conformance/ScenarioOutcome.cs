namespace HmsMesh.Conformance;

public enum ScenarioOutcome
{
    Passed,
    PassedOnSecondTry,
    Failed,
    Skipped,
}
