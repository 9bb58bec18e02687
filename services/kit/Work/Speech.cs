using System.Text.Json;
using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>What the service may say: the record of each topic, and its contract.</summary>
internal sealed class Speech(JsonSerializerOptions json)
{
    private readonly Dictionary<string, (Type Type, Contract Contract)> _topics = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Topics => _topics.Keys;

    public void Add(string topic, Type type, Contract contract)
    {
        if (!_topics.TryAdd(topic, (type, contract)))
        {
            throw new MeshConfigurationException($"{topic} is declared twice with Says.");
        }
    }

    public Saying Check<T>(string topic, T data)
    {
        if (!_topics.TryGetValue(topic, out var known))
        {
            throw new InvalidOperationException($"This service doesn't say {topic}: declare it with mesh.Says<{typeof(T).Name}>(\"{topic}\").");
        }

        if (known.Type != typeof(T))
        {
            throw new InvalidOperationException($"{topic} is said as {known.Type.Name}, not as {typeof(T).Name}.");
        }

        var text = JsonSerializer.SerializeToUtf8Bytes(data, json);
        if (StrictJson.Parse(text, ContractLimits.DataBytes, out var element) is { } fault)
        {
            throw new ContractException(topic, [fault]);
        }

        var result = known.Contract.Check(element);
        if (!result.IsValid)
        {
            throw new ContractException(topic, result.Faults);
        }

        // An envelope that nobody could read would hold back its subject for ever.
        return known.Contract.SubjectOf(element) is { } subject && ContractLimits.FaultOfAttribute(subject) is { } reason
            ? throw new ContractException(topic, [new ContractFault($"/{known.Contract.SubjectField}", $"{reason}, as it is the event's subject")])
            : new Saying(known.Contract, element);
    }
}
