using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace HmsMesh.Contracts;

/// <summary>The contracts that a program knows, by topic; each is read when it is first asked for.</summary>
public sealed class ContractBook
{
    private const string Folder = "contracts/";
    private readonly Dictionary<string, Lazy<Contract>> _contracts = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Topics => _contracts.Keys;

    /// <summary>Those embedded in a service's assembly, as contracts/TOPIC.json.</summary>
    public static ContractBook FromAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var book = new ContractBook();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal) && n.EndsWith(".json", StringComparison.Ordinal)))
        {
            var topic = name[Folder.Length..^".json".Length];
            book._contracts[topic] = new Lazy<Contract>(() => Contract.Load(topic, ReadResource(assembly, name)));
        }

        return book;
    }

    /// <summary>Those of files TOPIC.json, such as the contracts folders of all services.</summary>
    public static ContractBook FromFiles(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var book = new ContractBook();
        foreach (var path in paths)
        {
            var topic = Path.GetFileNameWithoutExtension(path);
            book._contracts[topic] = new Lazy<Contract>(() => Contract.Load(topic, File.ReadAllBytes(path)));
        }

        return book;
    }

    /// <summary>Adds a contract, or puts it in the place of one of the same topic.</summary>
    public void Add(string topic, ReadOnlyMemory<byte> json) => _contracts[topic] = new Lazy<Contract>(() => Contract.Load(topic, json));

    /// <summary>False where no contract names the topic. Throws <see cref="ContractException"/> where the contract cannot be used.</summary>
    public bool TryGet(string topic, [NotNullWhen(true)] out Contract? contract)
    {
        contract = _contracts.TryGetValue(topic, out var lazy) ? lazy.Value : null;
        return contract is not null;
    }

    private static byte[] ReadResource(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
