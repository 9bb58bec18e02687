namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>
/// The talk of two processes on one folder: frames over a Unix socket, little-endian. A frame is its length (u32, of what follows),
/// its kind (u8) and a payload, in the numbers and texts of the log's own records. A peer that breaks it is cut off.
/// </summary>
internal static class Protocol
{
    public const long Magic = 0x31424D534D48; // "HMSMB1"

    public const int Version = 1;

    /// <summary>A frame's length and kind.</summary>
    public const int Head = 5;

    /// <summary>Before a peer has said who it is.</summary>
    public const int MaxHello = 1024;

    /// <summary>One event of the largest kind, with what belongs to it.</summary>
    public const int MaxFrame = 20 << 20;

    /// <summary>A larger publish goes in several frames.</summary>
    public const int PublishChunk = 1 << 20;

    public const int MaxEvents = 1 << 16;

    public const int MaxText = 4096;

    public const int MaxSubscriptions = 4096;

    /// <summary>What a writer keeps for a client that does not read; then the client is cut off.</summary>
    public const int MaxUnsent = 32 << 20;

    /// <summary>Publishes of one client that may wait for the disk before its next ones are read.</summary>
    public const int MaxPublishing = 16 << 20;

    public const int MaxRequests = 1024;

    /// <summary>How long a folder's holder that does not say that it shares is waited for.</summary>
    public static readonly TimeSpan Stranger = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Handshake = TimeSpan.FromSeconds(5);

    /// <summary>How long an instance may be silent while it owes answers, before it gets no more.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>How long a frame may take from its first byte to its last.</summary>
    public static readonly TimeSpan HalfFrame = TimeSpan.FromSeconds(10);

    /// <summary>How long a consumer's events wait for instances that live and have not attached again.</summary>
    public static readonly TimeSpan Return = TimeSpan.FromSeconds(2);
}
