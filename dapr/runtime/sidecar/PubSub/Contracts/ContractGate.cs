using HmsMesh.Broker;
using HmsMesh.Contracts;
using HmsMesh.Sidecar.Components;

namespace HmsMesh.Sidecar.PubSub.Contracts;

/// <summary>Checks what is published against the contract of its topic. The data that counts is what a subscriber gets: that of the
/// envelope, be it made here or by the publisher, or a raw payload that is no envelope.</summary>
internal sealed class ContractGate : IContractGate
{
    private readonly ContractShelf _shelf;

    private ContractGate(ContractShelf shelf) => _shelf = shelf;

    /// <summary>By the component's metadata: folders with commas between them, from the folder of the resource file; null where it
    /// names none, and then nothing of the validator is loaded.</summary>
    public static ContractGate? Open(ComponentContext context)
    {
        if (context.Metadata.Text("contracts") is not { } given)
        {
            return null;
        }

        var home = Path.GetDirectoryName(Path.GetFullPath(context.Resource.Source.File))!;
        var folders = given.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(folder => Path.GetFullPath(folder, home)).ToList();
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                throw context.Metadata.Fault("contracts", $"names the folder {folder}, which is not there");
            }
        }

        try
        {
            return new(ContractShelves.Of(folders, context.Services));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SidecarException(context.Metadata.Fault("contracts", $"names a folder that can't be read: {failure.Message}").Message, failure);
        }
    }

    public ContractBreach? Check(OutgoingEvent outgoing)
    {
        if (!_shelf.TryGet(outgoing.Topic, out var contract, out var problem))
        {
            return null;
        }

        if (contract is null)
        {
            return new("", problem!, Unreadable: true);
        }

        if (!EventData.TryRead(outgoing, out var data, out problem))
        {
            return new("", problem!);
        }

        var result = contract.Check(data);
        return result.IsValid ? null : new(result.Faults[0].Pointer, result.ToString());
    }
}
