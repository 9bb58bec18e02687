using HmsMesh.Cli.Data;
using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Tests.Support;

namespace HmsMesh.Cli.Tests.Logs;

public sealed class LogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parse_WhatFormatWrote_IsTheSameLine()
    {
        var line = new LogLine(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), "one", LogSource.Sidecar, "two  words ");

        LogFile.Parse("one", LogFile.Format(line)).ShouldBe(line);
        LogFile.Parse("one", "no line of ours").ShouldBeNull();
    }

    [Fact]
    public void Write_PastTheLimit_KeepsOneOldFile()
    {
        var path = Path.Combine(_folder.Path, "one.log");
        using (var file = new LogFile(path, limit: 1000))
        {
            for (var i = 0; i < 100; i++)
            {
                file.Write(Line("one", $"line {i}"));
                file.Flush();
            }
        }

        Directory.GetFiles(_folder.Path).Select(found => Path.GetFileName(found)).ShouldBe(["one.log", "one.log.1"], ignoreOrder: true);
        Directory.GetFiles(_folder.Path).ShouldAllBe(found => new FileInfo(found).Length < 1100);
        File.ReadAllText(path).ShouldEndWith("line 99\n");
    }

    [Fact]
    public async Task Hub_Lines_ReachFilesAndFollowers()
    {
        var data = DataFolder.At("/", _folder.Path);
        data.Prepare();
        await using (var hub = new LogHub(data.Logs, TimeProvider.System))
        {
            var follower = hub.Follow(TestContext.Current.CancellationToken);
            hub.Write("one", LogSource.App, "hello");
            hub.Write("one", LogSource.Sidecar, "ready");
            (await follower.ReadAsync(TestContext.Current.CancellationToken)).Text.ShouldBe("hello");
            hub.Recent("one").ShouldBe(["hello"]);
        }

        LogArchive.Services(data).ShouldBe(["one"]);
        LogArchive.Last(data, ["one"], 5).Select(line => (line.Source, line.Text)).ShouldBe([(LogSource.App, "hello"), (LogSource.Sidecar, "ready")]);
        LogArchive.Last(data, ["one"], 1).Single().Text.ShouldBe("ready");
    }

    [Fact]
    public async Task ShowOn_LinesOfTheStart_AreShownFirst()
    {
        var data = DataFolder.At("/", _folder.Path);
        data.Prepare();
        using var shown = new StringWriter();
        await using (var hub = new LogHub(data.Logs, TimeProvider.System))
        {
            var follower = hub.Follow(TestContext.Current.CancellationToken);
            hub.Write("one", LogSource.App, "handled during the start");
            await follower.ReadAsync(TestContext.Current.CancellationToken);
            hub.ShowOn(new LogPainter(shown, colour: false, width: 6));
            hub.Write("one", LogSource.App, "handled afterwards");
        }

        shown.ToString().ShouldBe("one    app  | handled during the start\none    app  | handled afterwards\n");
    }

    [Fact]
    public void Paint_WhatWouldSteerTheTerminal_IsMadeHarmless()
    {
        var output = new StringWriter();
        new LogPainter(output, colour: false, width: 8).Write(Line("one", "a\e[2Jb\rc"));

        output.ToString().ShouldBe("one      app  | a·[2Jb·c\n");
    }

    [Fact]
    public void Paint_InColour_GivesEachServiceItsOwn()
    {
        var output = new StringWriter();
        var painter = new LogPainter(output, colour: true, width: 3);
        foreach (var service in new[] { "one", "two", "one" })
            painter.Write(Line(service, "x"));

        var colours = output.ToString().Split('\n').Take(3).Select(line => line[..line.IndexOf('m')]).ToList();
        colours[0].ShouldBe(colours[2]);
        colours[0].ShouldNotBe(colours[1]);
    }

    private static LogLine Line(string service, string text) => new(DateTimeOffset.UnixEpoch, service, LogSource.App, text);
}
