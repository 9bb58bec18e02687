using System.Globalization;
using System.Text;
using HmsMesh.Broker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Broker.Tests.Host;

/// <summary>
/// A process with a broker under load: <c>host FOLDER PUBLISHERS COUNT RUN</c>. Each publisher says COUNT events (0: until killed),
/// and each line on stdout is one unbuffered write: <c>A offset text</c> when a publish is acknowledged, <c>R text status</c> when
/// it is refused, <c>D offset try text</c> when an event reaches the handler, <c>E</c> at the end.
/// </summary>
internal static class LoadHost
{
    public const int Keys = 20;

    public static async Task<int> RunAsync(string[] args)
    {
        var (folder, publishers, count, run) = (args[0], Number(args[1]), Number(args[2]), args[3]);
        await using var output = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        var gate = new Lock();
        void Say(string line)
        {
            lock (gate)
            {
                output.Write(Encoding.ASCII.GetBytes(line + "\n"));
            }
        }

        await using var broker = await EventBroker.OpenAsync(
            new BrokerOptions { Path = folder, SegmentSize = 64 << 10 }, NullLogger.Instance, CancellationToken.None);
        var handler = new Recorder((delivery, _) =>
        {
            Say($"D {delivery.Event.Offset} {delivery.Try} {delivery.Event.Text()}");
            return ValueTask.FromResult(IsBad(delivery.Event.Text()) ? new Verdict(VerdictKind.Failed, "bad") : Verdict.Handled);
        });
        await using var subscription = publishers < 0
            ? null
            : await broker.SubscribeAsync(Make.Subscription() with { Retry = new Fixed(TimeSpan.FromMilliseconds(10), 2) }, handler, CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Math.Abs(publishers)).Select(async publisher =>
        {
            for (var i = 0; count == 0 || i < count; i++)
            {
                // Run, publisher, number: the key is the publisher's, so that its order is the order of publishing.
                var text = $"{run}/{publisher}/{i}";
                var result = await broker.PublishAsync(Make.Event(text, $"key-{publisher % Keys}"), CancellationToken.None);
                Say(result.Accepted ? $"A {result.Offset} {text}" : $"R {text} {result.Status}");
            }
        }));
        Say("E");
        return 0;
    }

    /// <summary>One event in thirty never succeeds.</summary>
    public static bool IsBad(string text) => Number(text[(text.LastIndexOf('/') + 1)..]) % 30 == 17;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
