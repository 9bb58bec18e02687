using System.Net;
using System.Net.Sockets;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Tests.Support;

namespace HmsMesh.Cli.Tests.Data;

public sealed class PortBookTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Give_AtTheNextStart_IsTheSamePort()
    {
        var book = Open();
        var (one, two) = (book.Give("one"), book.Give("two"));
        book.Save();

        var next = Open();

        next.Give("two").ShouldBe(two);
        next.Give("one").ShouldBe(one);
        one.ShouldNotBe(two);
        one.ShouldBeInRange(PortBook.First, PortBook.Last);
    }

    [Fact]
    public void Give_WhereAnotherProgramTookThePort_IsAnother()
    {
        var book = Open();
        var port = book.Give("one");
        book.Save();
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();

        Open().Give("one").ShouldNotBe(port);
    }

    [Fact]
    public void Give_WhereAnotherProgramTookThePort_SaysSoAndTakesNobodysSavedPort()
    {
        var book = Open();
        var (one, two) = (book.Give("one"), book.Give("two/sidecar"));
        book.Save();
        using var other = new TcpListener(IPAddress.Loopback, one);
        other.Start();

        var next = Open();
        var moved = next.Give("one");

        moved.ShouldNotBe(two);
        next.Give("two/sidecar").ShouldBe(two);
        _said.ShouldBe([$"{one} is taken, one is at {moved}"]);
    }

    [Fact]
    public void Ask_ForATakenPort_SaysWhichAndForWhom()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var problem = Should.Throw<MeshException>(() => Open().Ask("journey", port));

        problem.Message.ShouldContain($"port {port}, asked for journey, is taken");
        problem.ExitCode.ShouldBe(ExitCode.Taken);
    }

    [Fact]
    public void Give_TornBook_BeginsAnew()
    {
        var data = DataFolder.At(_folder.Path, _folder.Path);
        File.WriteAllText(data.Ports, "{\"one\": 2");

        Open().Give("one").ShouldBeInRange(PortBook.First, PortBook.Last);
    }

    private PortBook Open() => PortBook.Open(DataFolder.At(_folder.Path, _folder.Path), _said.Add);
}
