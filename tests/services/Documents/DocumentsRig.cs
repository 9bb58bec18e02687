using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dapper;
using HmsMesh.Kit.Tests;
using HmsMesh.Services.Tests.Bank;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Services.Tests.Documents;

/// <summary>Documents as a process, on its disk, to be killed and started again.</summary>
internal sealed class DocumentsRig : IAsyncDisposable
{
    public const string Citizen = "cit-test0001";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("documents-");
    private readonly List<ServiceChild> _all = [];
    private string[] _arguments = [];

    public ServiceChild Service => _all[0];

    public TestIssuer Issuer { get; private set; } = null!;

    public string Folder => Path.Combine(_data.FullName, "files");

    public IReadOnlyList<string> Files => [.. Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<DocumentsRig> StartAsync(params string[] settings)
    {
        var rig = new DocumentsRig { Issuer = await TestIssuer.StartAsync() };
        try
        {
            rig._arguments = [$"--Auth:Issuer={rig.Issuer.Address}", $"--Documents:Folder={rig.Folder}", "--Documents:MostPerCitizen=1000", .. settings];
            await rig.AddInstanceAsync();
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more instance on the same database and folder.</summary>
    public async Task<ServiceChild> AddInstanceAsync()
    {
        var instance = await ServiceChild.StartAsync("documents", _data.FullName, null, _arguments);
        _all.Add(instance);
        return instance;
    }

    public async Task<HttpResponseMessage> PostAsync(HttpContent body, string? key = null, string citizen = Citizen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/documents") { Content = body };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Issuer.Mint("documents", "documents.write", citizen));
        return await Service.Http.SendAsync(request, Ct);
    }

    /// <summary>Stores a document; its id.</summary>
    public async Task<string> StoreAsync(byte[] file, string? key = null)
    {
        using var answer = await PostAsync(DocumentsMesh.Body(file, "image/png"), key);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, text);
        return JsonElement.Parse(text).GetProperty("url").GetString()!.Split('/')[^1];
    }

    public async Task<HttpResponseMessage> GetAsync(string id, ServiceChild? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/documents/{id}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Issuer.Mint("documents", "documents.read", Citizen));
        return await (at ?? Service).Http.SendAsync(request, Ct);
    }

    public async Task<byte[]> ReadAsync(string id, ServiceChild? at = null)
    {
        using var answer = await GetAsync(id, at);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsByteArrayAsync(Ct);
    }

    public async Task<IReadOnlyList<T>> AskAsync<T>(string sql)
    {
        await using var connection = Connection();
        return [.. await connection.QueryAsync<T>(sql)];
    }

    /// <summary>Nobody writes to the database until what this gives is disposed.</summary>
    public async Task<IAsyncDisposable> HoldDatabaseAsync()
    {
        var connection = Connection();
        await connection.ExecuteAsync("begin immediate");
        return connection;
    }

    public async Task ShouldBeSweptAsync() =>
        await Eventually.BeAsync(
            async () => Files.SequenceEqual((await AskAsync<string>("select id from documents")).Order(StringComparer.Ordinal)), $"files are those of the documents: {Service.Log}", 30);

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _all)
            await child.DisposeAsync();
        await Issuer.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private SqliteConnection Connection()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_data.FullName, "documents.db")};Pooling=false;Default Timeout=30");
        connection.Open();
        return connection;
    }
}
