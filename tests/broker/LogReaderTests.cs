using HmsMesh.Broker.Log;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests;

/// <summary>What a reader does where retention lets go of the segment that it is in.</summary>
public class LogReaderTests
{
    [Fact]
    public async Task TryRead_InASegmentThatWasLetGoOf_ReadsWhereTheLogBegins()
    {
        using var folder = new TemporaryFolder();
        await using (var broker = await Make.BrokerAsync(folder, static one => one with { SegmentSize = 64 << 10 }))
        {
            while (folder.Segments.Count < 3)
            {
                await broker.StoreAsync(Make.Event(new string('x', 10_000)));
            }
        }

        using var files = Files(folder);
        using var reader = new LogReader(files);
        reader.TryRead(1, out var first).ShouldBeTrue();
        first.Offset.ShouldBe(1);
        reader.Rest();

        files.Remove([files.Segments[0]]);

        reader.TryRead(2, out var next).ShouldBeTrue();
        next.Offset.ShouldBe(files.Segments[0].Base);
        reader.TryRead(next.Offset + 1, out var behind).ShouldBeTrue();
        behind.Offset.ShouldBe(next.Offset + 1);
    }

    private static LogFiles Files(TemporaryFolder folder)
    {
        var files = new LogFiles();
        foreach (var path in folder.Segments)
        {
            var segment = Segment.OpenToRead(path);
            if (files.Segments.Count > 0)
            {
                files.Active.EndOffset = segment.Base;
            }

            files.Add(segment);
        }

        files.MoveHead(files.Active.Base + 1);
        return files;
    }
}
