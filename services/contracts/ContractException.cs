namespace HmsMesh.Contracts;

/// <summary>A payload breaks the contract of its topic, or a contract file is no contract.</summary>
public sealed class ContractException(string topic, string message, IReadOnlyList<ContractFault> faults) : Exception(message)
{
    public ContractException(string topic, IReadOnlyList<ContractFault> faults)
        : this(topic, $"The payload breaks the contract of {topic}: {string.Join("; ", faults)}", faults)
    {
    }

    public string Topic { get; } = topic;

    public IReadOnlyList<ContractFault> Faults { get; } = faults;
}
