using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>Sees what a service hears and says; register it in DI. For tests and tools: it must not throw, and not wait.</summary>
public interface IMeshObserver
{
    /// <summary>An event arrived, and this became of it. Called after the commit.</summary>
    void Handled(HandledEvent handled);

    /// <summary>The sidecar has accepted an event of this service.</summary>
    void Sent(string appId, CloudEvent cloudEvent);
}
