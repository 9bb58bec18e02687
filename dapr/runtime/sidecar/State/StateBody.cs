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

        if (!IsUnicode(body.Span))
        {
            return new StateBody(StateFaults.Body("failed deserializing HTTP body: a name or a text in it is not Unicode"));
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

    /// <summary>System.Text.Json tells only when it decodes a name or a text that an escape in it is half a surrogate pair. What is no
    /// JSON is left to the parser.</summary>
    private static bool IsUnicode(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\u"u8) < 0)
        {
            return true;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = JsonFormat.Deep.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        catch (JsonException)
        {
            return true;
        }

        return true;
    }
}
