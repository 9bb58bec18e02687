using System.Net.Sockets;
using HmsMesh.Broker.Sharing.Wire;

namespace HmsMesh.Broker.Tests.Sharing;

public class SocketOperationTests
{
    [Fact]
    public async Task SendAsync_AfterItWasDisposedOf_SaysGone()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var operation = new SocketOperation();
        operation.Dispose();

        (await operation.SendAsync(socket, new byte[1])).ShouldBe(SocketOperation.Gone);
        (await operation.ReceiveAsync(socket, new byte[1])).ShouldBe(SocketOperation.Gone);
    }
}
