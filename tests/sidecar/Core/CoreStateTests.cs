using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Tests.Core;

public class CoreStateTests
{
    [Theory]
    [InlineData("state.in-memory")]
    [InlineData("state.sqlite")]
    public async Task Save_FirstWriteByManyAtOnce_OneWins(string type)
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(Store(type, data));
        var item = new[] { new { key = "a", value = 1, options = new { concurrency = "first-write" } } };
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.Http.PostAsJsonAsync("/v1.0/state/store", item, CoreHost.Token)));
        answers.Count(static answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(static answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(49);
    }

    [Theory]
    [InlineData("state.in-memory")]
    [InlineData("state.sqlite")]
    public async Task Save_CountByETag_LosesNoStep(string type)
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(Store(type, data));
        await SaveAsync(host, new { key = "n", value = 0 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var done = 0; done < 10;)
            {
                using var got = await host.Http.GetAsync("/v1.0/state/store/n", CoreHost.Token);
                var value = await got.Content.ReadFromJsonAsync<int>(CoreHost.Token);
                var answer = await SaveAsync(host, new { key = "n", value = value + 1, etag = got.Headers.NonValidated["ETag"].ToString() });
                done += answer.StatusCode == HttpStatusCode.NoContent ? 1 : 0;
            }
        }));
        (await host.Http.GetFromJsonAsync<int>("/v1.0/state/store/n", CoreHost.Token)).ShouldBe(40);
    }

    [Theory]
    [InlineData("state.in-memory")]
    [InlineData("state.sqlite")]
    public async Task Get_AfterItsTime_IsGoneAndSaysWhenItWouldBe(string type)
    {
        using var data = new Folder();
        var time = new ManualTime();
        await using var host = await CoreHost.StartAsync(Store(type, data), time: time);
        await SaveAsync(host, new { key = "a", value = 1, metadata = new { ttlInSeconds = "60" } });
        using (var got = await host.Http.GetAsync("/v1.0/state/store/a", CoreHost.Token))
        {
            got.Headers.NonValidated["metadata.ttlExpireTime"].ToString().ShouldBe("2030-01-01T00:01:00Z");
        }

        time.Advance(TimeSpan.FromSeconds(59));
        (await host.Http.GetAsync("/v1.0/state/store/a", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromSeconds(1));
        (await host.Http.GetAsync("/v1.0/state/store/a", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SaveAsync(host, new { key = "a", value = 2, options = new { concurrency = "first-write" } })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Sweep_Expired_LeavesTheFile()
    {
        using var data = new Folder();
        var time = new ManualTime();
        await using var host = await CoreHost.StartAsync(Store("state.sqlite", data, "name: cleanupInterval, value: 1h"), time: time);
        await SaveAsync(host, new { key = "a", value = 1, metadata = new { ttlInSeconds = "60" } });
        await SaveAsync(host, new { key = "b", value = 1 });
        Rows(data).ShouldBe(2);
        time.Advance(TimeSpan.FromMinutes(59));
        Rows(data).ShouldBe(2);
        time.Advance(TimeSpan.FromMinutes(1));
        Rows(data).ShouldBe(1);
    }

    [Fact]
    public async Task Restart_OverTheSameFile_KeepsStateAndDaprdsTables()
    {
        using var data = new Folder();
        await using (var first = await CoreHost.StartAsync(Store("state.sqlite", data)))
        {
            await SaveAsync(first, new { key = "a", value = new { deep = "ü" } });
        }

        await using (var second = await CoreHost.StartAsync(Store("state.sqlite", data)))
        {
            (await second.Http.GetFromJsonAsync<JsonElement>("/v1.0/state/store/a", CoreHost.Token)).GetProperty("deep").GetString().ShouldBe("ü");
        }

        Query(data, "SELECT value FROM metadata WHERE key = 'migrations'").ShouldBe("1");
        Query(data, "SELECT key FROM state WHERE is_binary = 0 AND expiration_time IS NULL").ShouldBe("app||a");
    }

    [Theory]
    [InlineData("none", "a")]
    [InlineData("name", "store||a")]
    [InlineData("appid", "app||a")]
    [InlineData("namespace", "here.app||a")]
    [InlineData("Ours", "ours||a")]
    public async Task Save_WithKeyPrefix_IsStoredUnderIt(string prefix, string key)
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(
            Store("state.sqlite", data, $"name: keyPrefix, value: {prefix}"), static options => options with { Namespace = "here" });
        await SaveAsync(host, new { key = "a", value = 1 });
        Query(data, "SELECT key FROM state").ShouldBe(key);
        (await host.Http.GetAsync("/v1.0/state/store/a", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("state.in-memory")]
    [InlineData("state.sqlite")]
    public async Task Transaction_OneThatDoesNotMatch_ChangesNothing(string type)
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(Store(type, data));
        await SaveAsync(host, new { key = "there", value = 1 });
        object[] operations =
        [
            new { operation = "upsert", request = new { key = "new", value = 1 } },
            new { operation = "delete", request = new { key = "there" } },
            new { operation = "upsert", request = new { key = "there", value = 2, etag = "another" } },
        ];
        (await host.Http.PostAsJsonAsync("/v1.0/state/store/transaction", new { operations }, CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await host.Http.GetAsync("/v1.0/state/store/new", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await host.Http.GetFromJsonAsync<int>("/v1.0/state/store/there", CoreHost.Token)).ShouldBe(1);
    }

    private static Dictionary<string, string> Store(string type, Folder data, params string[] metadata) => new()
    {
        ["store.yaml"] = CoreHost.Component("store", type, type == "state.sqlite" ? [$"name: connectionString, value: '{data.At("state.db")}'", .. metadata] : metadata),
    };

    private static Task<HttpResponseMessage> SaveAsync(CoreHost host, object item) =>
        host.Http.PostAsJsonAsync("/v1.0/state/store", new[] { item }, CoreHost.Token);

    private static long Rows(Folder data) => (long)Query(data, "SELECT count(*) FROM state")!;

    private static object? Query(Folder data, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={data.At("state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
