using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using HmsMesh.Broker;
using HmsMesh.Contracts;
using HmsMesh.Kit.Tests;
using HmsMesh.Services.Tests.Bank;
using HmsMesh.Shared;
using HmsMesh.Sidecar;
using HmsMesh.Testing.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>Payments and the bank as processes, a real sidecar between them, and an issuer of tokens.</summary>
internal sealed class PaymentsRig : IAsyncDisposable
{
    public const string Citizen = "cit-test0001";
    public const string Holder = "José Quixotic-Nameless";
    public const string Account = "99887766554433";
    private const string ApiToken = "sidecar-token";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("payments-");
    private readonly BrokerPool _brokers = new(NullLoggerFactory.Instance);
    private readonly List<ServiceChild> _all = [];
    private MeshSidecar _sidecar = null!;
    private string[] _arguments = [];
    private string? _postgres;

    public ServiceChild Bank { get; private set; } = null!;

    public ServiceChild Payments { get; private set; } = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Task<PaymentsRig> StartAsync(params string[] settings) => StartOnAsync(null, settings);

    /// <summary>With the database of payments in PostgreSQL.</summary>
    public static async Task<PaymentsRig> StartOnAsync(string? postgres, params string[] settings)
    {
        var rig = new PaymentsRig { _postgres = postgres };
        try
        {
            await rig.RunAsync(settings);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more instance on the same database.</summary>
    public async Task<ServiceChild> AddInstanceAsync()
    {
        var instance = await ServiceChild.StartAsync("payments", _folder.FullName, null, _arguments);
        _all.Add(instance);
        return instance;
    }

    public static string NewClaim() => Guid.NewGuid().ToString();

    /// <summary>Delivers an approval as the sidecar does, and says what it was answered.</summary>
    public Task<HttpStatusCode> ApproveAsync(string claim, decimal amount = 600, string citizen = Citizen, string? eventId = null, ServiceChild? at = null) =>
        DeliverAsync("claim.approved", claim, new { claimId = claim, citizen, amount }, eventId, at);

    /// <summary>The same by version 2 of the event.</summary>
    public Task<HttpStatusCode> ApproveInCentsAsync(string claim, long amountCents = 60000, string citizen = Citizen, string? eventId = null) =>
        DeliverAsync("claim.approved.v2", claim, new { claimId = claim, citizen, amountCents, currency = "USD" }, eventId, at: null);

    private async Task<HttpStatusCode> DeliverAsync(string topic, string claim, object data, string? eventId, ServiceChild? at)
    {
        var approved = new CloudEvent
        {
            Id = eventId ?? Guid.NewGuid().ToString(),
            Source = "claims",
            Type = $"gov.hms.{topic}",
            Subject = claim,
            Topic = topic,
            Time = TimeProvider.System.GetUtcNow(),
            Data = JsonSerializer.SerializeToElement(data),
        };
        using var body = new ByteArrayContent(CloudEventJson.Write(approved));
        body.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType);
        using var answer = await (at ?? Payments).Http.PostAsync($"/events/{topic}", body, Ct);
        return answer.StatusCode;
    }

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body = null, string scopes = "payments.operate", string subject = "staff-1", ServiceChild? at = null) =>
        SendAsync(method, path, Issuer.Mint("payments", scopes, subject), body, at);

    /// <summary>Sends what has no body, under a key.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string? key = null, string subject = "staff-1", string scopes = "payments.operate")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new("Bearer", Issuer.Mint("payments", scopes, subject));
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await Payments.Http.SendAsync(request, Ct);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)));
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, object? body, ServiceChild? at = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return await (at ?? Payments).Http.SendAsync(request, Ct);
    }

    public async Task<JsonElement> GetAsync(string path, ServiceChild? at = null)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, at: at);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{path}: {text}");
        return JsonElement.Parse(text);
    }

    public async Task<string> TextAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    public async Task FillPayeeAsync(string citizen = Citizen)
    {
        using var answer = await SendAsync(
            HttpMethod.Put, "/payee", new { holder = Holder, routing = "021000021", account = Account, kind = "checking" }, "payee.write", citizen);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync(Ct));
    }

    public async Task ModeAsync(string mode)
    {
        using var answer = await Bank.Http.PutAsJsonAsync("/mode", new { mode }, Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public Task<JsonElement> BankLedgerAsync() => Bank.Http.GetFromJsonAsync<JsonElement>("/ledger", Ct);

    /// <summary>By status.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountsAsync()
    {
        var counts = (await AskAsync<(string Status, long Count)>("select status, count(*) from payments group by status")).ToDictionary(c => c.Status, c => c.Count);
        return new[] { "waiting-for-payee", "pending", "sending", "held", "sent", "refused", "returned" }.ToDictionary(s => s, s => counts.GetValueOrDefault(s));
    }

    public Task UntilAsync(string status, long count, int seconds = 30) =>
        Eventually.BeAsync(async () => (await CountsAsync())[status] == count, $"{count} payments {status}; {Payments.Log}", seconds);

    /// <summary>All events that payments said, in their order.</summary>
    public async Task<IReadOnlyList<CloudEvent>> SaidAsync() =>
    [
        .. (await AskAsync<string>("select event from mesh_outbox order by sequence")).Select(e => CloudEventJson.Read(System.Text.Encoding.UTF8.GetBytes(e)).Event!),
    ];

    public async Task<IReadOnlyList<T>> AskAsync<T>(string sql)
    {
        await using System.Data.Common.DbConnection connection = _postgres is null
            ? new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "payments.db")};Pooling=false;Default Timeout=30")
            : new NpgsqlConnection(_postgres);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    /// <summary>Changes what the bank has, behind its back.</summary>
    public async Task AtBankAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "bank.db")};Pooling=false;Default Timeout=30");
        await connection.ExecuteAsync(sql);
    }

    /// <summary>File, ledger and the bank's own ledger say the same.</summary>
    public async Task ShouldAgreeAsync(int sent, int returned = 0)
    {
        var file = AchReader.Read(await TextAsync("/ach/today"));
        var ledger = await GetAsync("/ledger");
        var bank = await BankLedgerAsync();
        var balances = ledger.GetProperty("balances");
        ledger.GetProperty("balanced").GetBoolean().ShouldBeTrue();
        bank.GetProperty("entries").GetInt64().ShouldBe(sent);
        bank.GetProperty("doubles").GetInt64().ShouldBe(0);
        file.Entries.Count.ShouldBe(sent);
        file.CreditCents.ShouldBe(bank.GetProperty("creditedCents").GetInt64());
        bank.GetProperty("returns").GetInt64().ShouldBe(returned);
        (-balances.GetProperty("bank").GetInt64()).ShouldBe(bank.GetProperty("creditedCents").GetInt64() - bank.GetProperty("returnedCents").GetInt64());
        (-balances.GetProperty("returns").GetInt64()).ShouldBe(bank.GetProperty("returnedCents").GetInt64());
        balances.GetProperty("pending").GetInt64().ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _all)
            await child.DisposeAsync();
        if (_sidecar is not null)
            await _sidecar.StopAsync(CancellationToken.None);
        await _brokers.DisposeAsync();
        if (Issuer is not null)
            await Issuer.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task RunAsync(string[] settings)
    {
        Issuer = await TestIssuer.StartAsync();
        Bank = await ServiceChild.StartAsync("bank", _folder.FullName, null, "--Bank:ReturnAfter=00:00:00.3", "--Bank:SlowFor=00:00:00.3");
        _all.Add(Bank);
        var port = FreePorts.Take();
        _sidecar = await MeshSidecar.StartAsync(
            new SidecarOptions
            {
                AppId = "payments",
                HttpPort = 0,
                AppPort = port,
                ResourcesPaths = [Resources()],
                DataPath = Path.Combine(_folder.FullName, "data"),
                ApiToken = ApiToken,
                AppToken = ServiceChild.AppToken,
            },
            new SidecarServices(NullLoggerFactory.Instance, _brokers, TimeProvider.System, new SidecarDirectory()),
            Ct);
        _arguments =
        [
            string.Create(CultureInfo.InvariantCulture, $"--DAPR_HTTP_ENDPOINT=http://127.0.0.1:{_sidecar.HttpPort}"), $"--DAPR_API_TOKEN={ApiToken}",
            $"--Auth:Issuer={Issuer.Address}", $"--Secrets:payee-vault={Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32))}",
            "--Payments:BankTimeout=00:00:01", "--Payments:Settling=00:00:00.2", "--Payments:ReturnsEvery=00:00:00.2",
            .. _postgres is null ? (string[])[] : [$"--ConnectionStrings:Database={_postgres}"], .. settings,
        ];
        Payments = await ServiceChild.StartAsync("payments", _folder.FullName, port, _arguments);
        _all.Add(Payments);
    }

    private string Resources()
    {
        var resources = _folder.CreateSubdirectory("resources").FullName;
        File.WriteAllText(
            Path.Combine(resources, "mesh.yaml"),
            $"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: pubsub
            spec:
              type: pubsub.embedded
              version: v1
            ---
            apiVersion: dapr.io/v1alpha1
            kind: HTTPEndpoint
            metadata:
              name: bank
            spec:
              baseUrl: http://127.0.0.1:{Bank.Port}
            """);
        return resources;
    }
}
