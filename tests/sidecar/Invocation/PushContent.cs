using System.Net;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>A body that a test writes as it goes; without a length unless one is given.</summary>
internal sealed class PushContent(Func<Stream, Task> write, long? stated = null) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = stated ?? 0;
        return stated is not null;
    }
}
