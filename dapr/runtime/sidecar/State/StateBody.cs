using System.Text.Json;
using HmsMesh.Sidecar.Api;

namespace HmsMesh.Sidecar.State;

/// <summary>A body of the state API: JSON of the form that the call takes, or the fault to answer with.</summary>
internal sealed class StateBody : IDisposable
{
    private readonly JsonDocument? _document;

    private StateBody(JsonDocument document) => _document = document;

    private StateBody(ApiFault fault) => Fault = fault;

    public ApiFault? Fault { get; }

    public JsonElement Root => _document!.RootElement;

    public static async ValueTask<StateBody> ReadAsync(ApiCall call, JsonValueKind kind)
    {
        if (await call.ReadBodyAsync().ConfigureAwait(false) is not { } body)
        {
            return new StateBody(StateFaults.TooLarge);
        }

        try
        {
            var document = JsonDocument.Parse(body, JsonFormat.Deep);
            if (document.RootElement.ValueKind == kind)
            {
                return new StateBody(document);
            }

            var found = document.RootElement.ValueKind;
            document.Dispose();
            return new StateBody(StateFaults.Body($"the body must be a JSON {kind}, and is a JSON {found}"));
        }
        catch (JsonException wrong)
        {
            return new StateBody(StateFaults.Body($"failed deserializing HTTP body: {wrong.Message}"));
        }
    }

    public void Dispose() => _document?.Dispose();
}
