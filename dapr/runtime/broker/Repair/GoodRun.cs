namespace HmsMesh.Broker.Repair;

/// <summary>Good records, one behind another.</summary>
internal readonly record struct GoodRun(long From, long Until, long Position, long EndPosition);
