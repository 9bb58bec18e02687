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

    /// <summary>Bytes of a whole envelope. A sidecar may write the payload anew and escape each byte of it by six.</summary>
    public const int EnvelopeBytes = (6 * DataBytes) + (16 * 1024);

    /// <summary>Characters of one attribute of an envelope, such as its id: what a database takes as a key.</summary>
    public const int AttributeLength = 512;

    /// <summary>Why this cannot be an attribute of an envelope; null where it can.</summary>
    public static string? FaultOfAttribute(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > AttributeLength ? $"must have at most {AttributeLength} characters"
            : text.AsSpan().ContainsAnyInRange('\u0000', '\u001f') ? "must not hold control characters"
            : null;
    }
}
