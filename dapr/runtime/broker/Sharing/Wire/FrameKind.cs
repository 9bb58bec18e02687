namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>What a frame is. The numbers are spoken between processes.</summary>
internal enum FrameKind : byte
{
    None = 0,

    // From a client.
    Hello = 1,
    Publish = 2,
    Request = 3,
    Verdicts = 4,
    Pause = 5,
    Resume = 6,

    /// <summary>Everything that the client had is attached again.</summary>
    Ready = 7,
    Pong = 8,

    // From the writer.
    Welcome = 64,
    Refusal = 65,
    Published = 66,
    Answer = 67,
    Deliver = 68,

    /// <summary>A delivery's lease ended, or its event is another instance's by now.</summary>
    Cancel = 69,

    /// <summary>The verdicts of a delivery are on disk.</summary>
    Settled = 70,
    Ping = 71,
}
