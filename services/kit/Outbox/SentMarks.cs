using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>Marks events as sent: whatever has come together while the last commit ran goes into the next.</summary>
internal sealed class SentMarks(OutboxStore store, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Channel<SentMark> _waiting = Channel.CreateUnbounded<SentMark>(new UnboundedChannelOptions { SingleReader = true });

    public Task<bool> AddAsync(string subject, IReadOnlyList<string> ids)
    {
        var mark = new SentMark(subject, ids);
        if (!_waiting.Writer.TryWrite(mark))
        {
            mark.Cancel();
        }

        return mark.Done;
    }

    /// <summary>No more marks come.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Runs until <see cref="Complete"/>, and what was added is marked; or until it is told to give up.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<SentMark>();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                batch.Clear();
                while (batch.Count < 256 && _waiting.Reader.TryRead(out var mark))
                {
                    batch.Add(mark);
                }

                await MarkAsync(batch, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Those events are sent once more by whoever comes next: same id, so nothing is lost and nothing done twice.
        }
        finally
        {
            Complete();
            batch.ForEach(m => m.Cancel());
            while (_waiting.Reader.TryRead(out var mark))
            {
                mark.Cancel();
            }
        }
    }

    private async Task MarkAsync(List<SentMark> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var more = await store.MarkAsync(batch, cancellationToken).ConfigureAwait(false);
                for (var i = 0; i < more.Length; i++)
                {
                    batch[i].Complete(more[i]);
                }

                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                log.RelayFailed(e);
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
