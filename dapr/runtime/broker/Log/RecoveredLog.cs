using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Log;

/// <summary>A log as it was found at opening.</summary>
/// <param name="Files">Its segments; the last is the one to write in. Empty where the log is new.</param>
/// <param name="Acknowledged">The side file.</param>
/// <param name="Fold">The state.</param>
/// <param name="Cut">Bytes of a torn end that were cut off.</param>
internal sealed record RecoveredLog(LogFiles Files, AcknowledgedFile Acknowledged, BrokerFold Fold, DuplicateTable Duplicates, long Cut);
