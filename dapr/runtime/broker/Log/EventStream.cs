using System.Runtime.CompilerServices;

namespace HmsMesh.Broker.Log;

/// <summary>The log's events in their order, for one who reads at leisure. What retention takes meanwhile is passed over.</summary>
internal static class EventStream
{
    public static async IAsyncEnumerable<StoredEvent> ReadAsync(
        LogFiles files, long fromOffset, bool follow, CancellationToken closing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new LogReader(files);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        var offset = fromOffset;
        while (!either.IsCancellationRequested)
        {
            offset = Math.Max(offset, files.Segments[0].Base);
            if (TryRead(reader, offset, out var record))
            {
                offset = record.Offset + 1;
                if (record.Kind == RecordKind.Event)
                {
                    yield return record.Event(null);
                }

                continue;
            }

            reader.Rest();
            if (!follow || !await MoreAsync(files, offset, closing, either.Token).ConfigureAwait(false))
            {
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async ValueTask<bool> MoreAsync(LogFiles files, long offset, CancellationToken closing, CancellationToken cancellationToken)
    {
        try
        {
            await files.WaitAsync(offset, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool TryRead(LogReader reader, long offset, out LogRecord record)
    {
        try
        {
            return reader.TryRead(offset, out record);
        }
        catch (ObjectDisposedException)
        {
            // The broker has closed meanwhile: there is nothing more to read.
            record = default;
            return false;
        }
    }
}
