using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Writing;

/// <summary>An event ready to be written.</summary>
internal readonly record struct PublishItem(Topic Topic, byte[] Payload, UInt128? Digest, long DuplicateUntil);
