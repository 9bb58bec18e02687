namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>What a client asks of the writer. The numbers are spoken between processes.</summary>
internal enum RequestKind : byte
{
    None = 0,
    Register = 1,
    Attach = 2,
    Detach = 3,
    Forget = 4,
    Status = 5,

    /// <summary>Where the log begins and ends; answered once its end is past an offset.</summary>
    Log = 6,
}
