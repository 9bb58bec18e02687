using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Writing;

/// <summary>An event ready to be written; <paramref name="Target"/> is the one consumer that it is for.</summary>
internal readonly record struct PublishItem(Topic Topic, byte[] Payload, UInt128? Digest, long DuplicateUntil, ConsumerGroup? Target = null);
