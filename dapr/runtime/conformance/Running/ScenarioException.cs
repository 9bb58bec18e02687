namespace HmsMesh.Conformance.Running;

/// <summary>Why a scenario could not run to its end.</summary>
internal sealed class ScenarioException(string message) : Exception(message);
