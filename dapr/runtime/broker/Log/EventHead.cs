namespace HmsMesh.Broker.Log;

/// <summary>The part of an event that the fold looks at.</summary>
internal readonly record struct EventHead(string PubSub, string Topic, long Time, long DuplicateUntil, string? Source, string? Id, DeadLetter? DeadLetterOf);
