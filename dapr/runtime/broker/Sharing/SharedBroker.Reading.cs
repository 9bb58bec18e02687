using System.Runtime.CompilerServices;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Sharing.Wire;

namespace HmsMesh.Broker.Sharing;

/// <content>Reading the log that another process writes: it tells where the log ends, and the segments are read here.</content>
internal sealed partial class SharedBroker
{
    private async IAsyncEnumerable<StoredEvent> ReadSegmentsAsync(
        long fromOffset, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        using var files = new LogFiles();
        using var reader = new LogReader(files);
        var offset = fromOffset;
        var head = 0L;
        while (true)
        {
            if (await ExtentAsync(follow ? offset : 0, either.Token, cancellationToken).ConfigureAwait(false) is not { } extent)
            {
                yield break;
            }

            files.Follow(Folder, extent);
            head = follow || head == 0 ? extent.Head : head;
            for (offset = Math.Max(offset, extent.First); offset < head; offset++)
            {
                if (TryRead(reader, offset) is not { } record)
                {
                    // Retention was quicker.
                    break;
                }

                if (record.Kind == RecordKind.Event)
                {
                    yield return record.Event(null);
                }
            }

            reader.Rest();
            if (!follow && offset >= head)
            {
                yield break;
            }
        }
    }

    private static LogRecord? TryRead(LogReader reader, long offset)
    {
        try
        {
            return reader.TryRead(offset, out var record) ? record : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Where the log begins and ends once it is past an offset; null where this broker closes.</summary>
    private async ValueTask<LogExtent?> ExtentAsync(long after, CancellationToken either, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(
                async (log, cancel) =>
                {
                    await log.Core.Files.WaitAsync(after, cancel).ConfigureAwait(false);
                    return LogExtent.Of(log.Core.Files);
                },
                RequestKind.Log,
                writer => writer.Number(after),
                LogExtent.Read,
                either).ConfigureAwait(false);
        }
        catch (Exception e) when ((e is OperationCanceledException or BrokerException) && _closing.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }
}
