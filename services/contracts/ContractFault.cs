namespace HmsMesh.Contracts;

/// <summary>One thing that is wrong with a payload.</summary>
/// <param name="Pointer">Where, as a JSON pointer (RFC 6901); empty for the whole payload.</param>
/// <param name="Message">What, in one sentence.</param>
public sealed record ContractFault(string Pointer, string Message)
{
    public override string ToString() => Pointer.Length == 0 ? Message : $"{Pointer}: {Message}";
}
