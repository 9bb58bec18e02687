using System.Diagnostics;
using System.Globalization;
using System.Text;
using HmsMesh.Broker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests.Host;

/// <summary>
/// A process that shares a broker's folder with others: <c>share FOLDER RUN [name=value]...</c>. It says a line for each thing that
/// happens: <c>O pid</c> open; <c>A offset microseconds text</c> an acknowledged publish, <c>R text status</c> a refused one; <c>D offset try
/// ticks text</c> an event that reaches the handler (the machine's clock since its start, the same for all), <c>F offset text</c> when that is done; <c>E</c> when all is published; <c>C</c> closed, after
/// a line on its input.
/// </summary>
internal sealed class ShareHost(string folder, string run, IReadOnlyDictionary<string, string> settings) : IDisposable
{
    private readonly FileStream _output = new(new Microsoft.Win32.SafeHandles.SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    private readonly Lock _gate = new();

    public static async Task<int> RunAsync(string[] args)
    {
        var settings = args.Skip(2).Select(static one => one.Split('=', 2)).ToDictionary(static one => one[0], static one => one[1], StringComparer.Ordinal);
        using var host = new ShareHost(args[0], args[1], settings);
        await host.RunAsync();
        return 0;
    }

    public void Dispose() => _output.Dispose();

    private async Task RunAsync()
    {
        // The console reads only synchronously, and a pool of two threads must not be one short.
        var stop = Task.Factory.StartNew(Console.In.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var options = new BrokerOptions { Path = folder, SegmentSize = Setting("segment", 64 << 20) };
        var broker = await EventBroker.OpenAsync(options, NullLogger.Instance, CancellationToken.None);
        Say($"O {Environment.ProcessId}");
        var handler = new Recorder(async (delivery, _) =>
        {
            Say($"D {delivery.Event.Offset} {delivery.Try} {Stopwatch.GetTimestamp()} {delivery.Event.Text()}");
            if (Setting("work", 0) is > 0 and var work)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(work), TimeProvider.System, CancellationToken.None);
            }

            Say($"F {delivery.Event.Offset} {delivery.Event.Text()}");
            return Verdict.Handled;
        });
        var subscription = Setting("subscribe", 0) == 0 ? null : await broker.SubscribeAsync(
            Make.Subscription() with { Concurrency = Setting("concurrency", 16), Lease = TimeSpan.FromMilliseconds(Setting("lease", 30_000)) },
            handler,
            CancellationToken.None);
        using var closing = new CancellationTokenSource();
        var publishing = Task.WhenAll(Enumerable.Range(0, Setting("publish", 0)).Select(one => PublishAsync(broker, one, closing.Token)));
        _ = publishing.ContinueWith(_ => Say("E"), TaskScheduler.Default);
        await stop;
        await closing.CancelAsync();
        await publishing;
        if (subscription is not null)
        {
            await subscription.DisposeAsync();
        }

        await broker.DisposeAsync();
        Say("C");
    }

    private async Task PublishAsync(IEventBroker broker, int publisher, CancellationToken stop)
    {
        var (count, pause) = (Setting("count", 0), Setting("pause", 0));
        for (var i = 0; (count == 0 || i < count) && !stop.IsCancellationRequested; i++)
        {
            var text = $"{run}/{publisher}/{i}";
            var began = Stopwatch.GetTimestamp();
            var result = await broker.PublishAsync(Make.Event(text, $"{run}-{publisher}"), CancellationToken.None);
            var took = (long)Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            Say(result.Accepted ? $"A {result.Offset} {took} {text}" : $"R {text} {result.Status} {result.Problem}");
            if (pause > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(pause), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private int Setting(string name, int otherwise) =>
        settings.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private void Say(string line)
    {
        lock (_gate)
        {
            _output.Write(Encoding.ASCII.GetBytes(line + "\n"));
        }
    }
}
