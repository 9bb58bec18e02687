using HmsMesh.Broker.Native;
using HmsMesh.Broker.Sharing;
using HmsMesh.Broker.Tests.Support;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker.Tests.Sharing;

/// <summary>The one that writes where its socket can't be made: what it holds back it gives out, and the lock is free when it is closed.</summary>
public class WriterSeatTests
{
    [Fact]
    public async Task Listen_WhereItFailsForWhateverReason_HoldsNothingBack()
    {
        using var folder = new TemporaryFolder();
        Block(folder);
        var seat = await OpenAsync(folder, new LogLines { Fails = static line => line.Contains("socket", StringComparison.Ordinal) });
        seat.Log.Core.Holding.ShouldBeTrue();
        seat.Listen();

        await Record.ExceptionAsync(seat.OwnReturnedAsync);

        seat.Log.Core.Holding.ShouldBeFalse();
        await Record.ExceptionAsync(async () => await seat.DisposeAsync());
        ProcessLock.IsHeld(BrokerFolder.Lock(folder.Path)).ShouldBeFalse();
        using var view = LogView.Open(folder.Path);
        seat.Log.Core.Closing.ShouldBeTrue();
    }

    [Fact]
    public async Task Listen_ThatSucceedsLater_WaitsForOwnSubscriptions()
    {
        using var folder = new TemporaryFolder();
        var inTheWay = Block(folder);
        var lines = new LogLines();
        await using var seat = await OpenAsync(folder, lines);
        seat.Listen();
        await Wait.UntilAsync(() => lines.Has("can't be opened: other processes"));
        inTheWay.Delete(recursive: true);

        await using (var client = await Make.BrokerAsync(folder))
        {
            await client.StoreAsync(Make.Event("shared"));
            seat.Log.Core.Holding.ShouldBeTrue();
        }

        await seat.OwnReturnedAsync();
        await Wait.UntilAsync(() => !seat.Log.Core.Holding);
    }

    [Fact]
    public async Task Open_WhereTheLogCannotBeOpened_FreesTheLock()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "00000000000000000001.log"), "no log", Make.Token);

        await Should.ThrowAsync<BrokerException>(() => OpenAsync(folder, new LogLines()));

        ProcessLock.IsHeld(BrokerFolder.Lock(folder.Path)).ShouldBeFalse();
    }

    private static DirectoryInfo Block(TemporaryFolder folder) => Directory.CreateDirectory(Path.Combine(folder.Path, "socket", "in the way")).Parent!;

    private static Task<WriterSeat> OpenAsync(TemporaryFolder folder, ILogger logger)
    {
        var taken = ProcessLock.TryTake(BrokerFolder.Lock(folder.Path), out _).ShouldNotBeNull();
        return WriterSeat.OpenAsync(new BrokerOptions { Path = folder.Path }, folder.Path, "client", returns: true, taken, logger);
    }
}
