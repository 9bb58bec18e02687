using System.Net.Http.Headers;
using System.Text.Json;
using HmsMesh.Documents;
using HmsMesh.Kit.Tests;
using HmsMesh.Testing;

namespace HmsMesh.Services.Tests.Documents;

/// <summary>The service of documents on an in-process mesh, with an issuer whose tokens it trusts.</summary>
public class DocumentsMesh : IAsyncLifetime
{
    public const int Most = 4;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("documents-");

    public InProcessMesh Mesh { get; private set; } = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    /// <summary>The files on disk.</summary>
    internal IReadOnlyList<string> Files => [.. _folder.EnumerateFiles().Select(f => f.Name)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public virtual ValueTask InitializeAsync() => StartAsync(_ => null);

    public async ValueTask DisposeAsync()
    {
        if (Mesh is not null)
            await Mesh.DisposeAsync();
        if (Issuer is not null)
            await Issuer.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends a file as the gateway does for a citizen.</summary>
    public async Task<HttpResponseMessage> PostAsync(string citizen, HttpContent file, string? key = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/documents") { Content = file };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        change?.Invoke(request);
        return await SendAsync(request, citizen);
    }

    public Task<HttpResponseMessage> PostAsync(string citizen, byte[] file, string? type, string? key = null, Action<HttpRequestMessage>? change = null) =>
        PostAsync(citizen, Body(file, type), key, change);

    public async Task<JsonElement> StoreAsync(string citizen, byte[] file, string? type = null)
    {
        using var answer = await PostAsync(citizen, file, type);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, text);
        return JsonElement.Parse(text);
    }

    /// <summary>Gets a document by the address that the gateway would be asked for.</summary>
    public async Task<HttpResponseMessage> GetAsync(string citizen, string url, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url.Replace("/api/", "/", StringComparison.Ordinal));
        change?.Invoke(request);
        return await SendAsync(request, citizen);
    }

    public static HttpContent Body(byte[] file, string? type)
    {
        var content = new ByteArrayContent(file);
        if (type is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string citizen, string scopes = "documents.write documents.read")
    {
        using var client = Mesh.Client("documents");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Issuer.Mint("documents", scopes, citizen));
        return await client.SendAsync(request, Ct);
    }

    protected async ValueTask StartAsync(Func<string, string?> databases)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Issuer = await TestIssuer.StartAsync();
        Mesh = await InProcessMesh.StartAsync(
            m => m.Add<DocumentsService>().Setting("Auth:Issuer", Issuer.Address).Setting("Documents:Folder", _folder.FullName)
                .Setting("Documents:MostPerCitizen", $"{Most}").Databases(databases),
            limit.Token);
    }
}
