using System.Buffers;
using System.Text.Json;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.Secrets;

/// <summary>GET /v1.0/secrets/{store}/{name} and /bulk; what the Configuration's scopes withhold is refused, and left out of bulk.</summary>
internal sealed class SecretsFeature(SidecarRuntime runtime) : ISidecarFeature
{
    private static readonly ApiFault NotConfigured = new(500, "ERR_SECRET_STORES_NOT_CONFIGURED", "secret store is not configured");

    public void Map(ApiRouter router)
    {
        router.Map("GET", "/v1.0/secrets/{store}/bulk", "secrets", GetAllAsync);
        router.Map("GET", "/v1.0/secrets/{store}/{name}", "secrets", GetAsync);
    }

    private async ValueTask GetAsync(ApiCall call)
    {
        var (storeName, name) = (call.Route("store"), call.Route("name"));
        if (Find(storeName, out var store) is { } fault)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
        }
        else if (!Allows(storeName, name))
        {
            await call.FailAsync(new ApiFault(403, "ERR_PERMISSION_DENIED", $"access denied by policy to get \"{name}\" from \"{storeName}\"")).ConfigureAwait(false);
        }
        else if (await store!.GetAsync(name, call.Aborted).ConfigureAwait(false) is { } values)
        {
            await AnswerAsync(call, json => Write(json, values)).ConfigureAwait(false);
        }
        else
        {
            await call.FailAsync(new ApiFault(500, "ERR_SECRET_GET",
                $"failed getting secret with key {name} from secret store {storeName}: secret {name} not found")).ConfigureAwait(false);
        }
    }

    private async ValueTask GetAllAsync(ApiCall call)
    {
        var storeName = call.Route("store");
        if (Find(storeName, out var store) is { } fault)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        var all = await store!.GetAllAsync(call.Aborted).ConfigureAwait(false);
        await AnswerAsync(call, json =>
        {
            json.WriteStartObject();
            foreach (var (name, values) in all.Where(secret => Allows(storeName, secret.Key)))
            {
                json.WritePropertyName(name);
                Write(json, values);
            }

            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private ApiFault? Find(string name, out ISecretStore? store)
    {
        if (runtime.Components.TryGet(name, out store))
        {
            return null;
        }

        return runtime.Components.Any<ISecretStore>()
            ? new ApiFault(401, "ERR_SECRET_STORE_NOT_FOUND", $"failed finding secret store with key {name}")
            : NotConfigured;
    }

    private bool Allows(string store, string name) =>
        runtime.Resources.Configuration.SecretScopes.FirstOrDefault(scope => scope.Store == store)?.Allows(name) ?? true;

    private static ValueTask AnswerAsync(ApiCall call, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, JsonFormat.Relaxed))
        {
            write(json);
        }

        return call.AnswerAsync(200, buffer.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, string> values)
    {
        json.WriteStartObject();
        foreach (var (key, value) in values)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
