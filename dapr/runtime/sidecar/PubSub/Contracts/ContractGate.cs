using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Contracts;
using HmsMesh.Sidecar.Components;

namespace HmsMesh.Sidecar.PubSub.Contracts;

/// <summary>Checks what is published against the contract of its topic. The data that counts is what a subscriber gets: that of the
/// envelope, be it made here or by the publisher, or a raw payload that is no envelope.</summary>
internal sealed class ContractGate : IContractGate
{
    private const int MaxDepth = 10_000;
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

        if (!TryData(outgoing, out var data, out problem))
        {
            return new("", problem!);
        }

        var result = contract.Check(data);
        return result.IsValid ? null : new(result.Faults[0].Pointer, result.ToString());
    }

    private static bool TryData(OutgoingEvent outgoing, out ReadOnlyMemory<byte> data, out string? problem)
    {
        problem = null;
        var enveloped = outgoing.ContentType is not null && ContentTypes.IsCloudEvent(outgoing.ContentType);
        data = outgoing.Data;
        try
        {
            if (!TryField(outgoing.Data, "specversion"u8, out _))
            {
                // A raw payload; an envelope of ours always has it.
                return true;
            }

            if (TryField(outgoing.Data, "data"u8, out data))
            {
                return true;
            }

            if (!TryField(outgoing.Data, "data_base64"u8, out data))
            {
                problem = "the event has no data";
                return false;
            }

            var reader = new Utf8JsonReader(data.Span);
            if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var bytes))
            {
                data = bytes;
                return true;
            }

            problem = "the event's data_base64 is not base64";
            return false;
        }
        catch (JsonException) when (!enveloped)
        {
            // No JSON at all: the contract's check says so.
            data = outgoing.Data;
            return true;
        }
    }

    /// <summary>A field of an object, the last of its name, as it is written.</summary>
    private static bool TryField(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name, out ReadOnlyMemory<byte> value)
    {
        value = default;
        var found = false;
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals(name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (wanted)
            {
                value = json[start..(int)reader.BytesConsumed];
                found = true;
            }
        }

        return found;
    }
}
