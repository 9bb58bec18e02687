using System.Collections.Concurrent;
using HmsMesh.Contracts;

namespace HmsMesh.Kit.Tests;

/// <summary>What a service said of itself.</summary>
internal sealed class Observed : IMeshObserver
{
    private readonly ConcurrentQueue<HandledEvent> _handled = new();
    private readonly ConcurrentQueue<CloudEvent> _sent = new();

    public IReadOnlyList<HandledEvent> All => [.. _handled];

    public IReadOnlyList<CloudEvent> AllSent => [.. _sent];

    public void Handled(HandledEvent handled) => _handled.Enqueue(handled);

    public void Sent(string appId, CloudEvent cloudEvent) => _sent.Enqueue(cloudEvent);
}
