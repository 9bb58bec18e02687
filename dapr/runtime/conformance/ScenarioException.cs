namespace HmsMesh.Conformance;

/// <summary>Why a scenario could not run to its end; a runner reports it as a difference.</summary>
public sealed class ScenarioException : Exception
{
    public ScenarioException()
    {
    }

    public ScenarioException(string message)
        : base(message)
    {
    }

    public ScenarioException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
