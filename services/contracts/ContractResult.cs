namespace HmsMesh.Contracts;

/// <summary>What a check found: valid, or at least one fault.</summary>
public sealed record ContractResult
{
    private ContractResult(IReadOnlyList<ContractFault> faults) => Faults = faults;

    public static ContractResult Valid { get; } = new([]);

    public IReadOnlyList<ContractFault> Faults { get; }

    public bool IsValid => Faults.Count == 0;

    public static ContractResult Broken(params IReadOnlyList<ContractFault> faults) =>
        faults.Count == 0 ? throw new ArgumentException("A broken result names its faults.", nameof(faults)) : new(faults);

    /// <summary>All faults in one line.</summary>
    public override string ToString() => IsValid ? "valid" : string.Join("; ", Faults);
}
