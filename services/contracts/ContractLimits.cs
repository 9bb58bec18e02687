namespace HmsMesh.Contracts;

/// <summary>What no payload may exceed.</summary>
public static class ContractLimits
{
    /// <summary>Bytes of one payload; what is larger belongs in the document service, and the event carries its URL.</summary>
    public const int DataBytes = 64 * 1024;

    /// <summary>Levels of nesting.</summary>
    public const int Depth = 32;

    /// <summary>Faults that one check reports; more help nobody.</summary>
    public const int Faults = 20;

    /// <summary>Bytes of a whole envelope.</summary>
    public const int EnvelopeBytes = DataBytes + (16 * 1024);
}
