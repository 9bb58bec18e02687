using System.Net;
using HmsMesh.Sidecar.Tests.Core;
using HmsMesh.Sidecar.Tests.PubSub;

namespace HmsMesh.Sidecar.Tests.State;

/// <summary>A SQLite file that does not do as it should: what was answered with success is there, what was not is an error.</summary>
public class SqliteFaultTests
{
    [Fact]
    public async Task Save_WhileAnotherProcessHoldsTheLock_FailsAfterBusyTimeoutAndWorksAgain()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data, "name: busyTimeout, value: 100ms"));
        (await host.SaveAsync("a", 1)).Status.ShouldBe(HttpStatusCode.NoContent);
        using (var other = StateStoreUnderTest.Open(data.At("state.db")))
        {
            other.Run("BEGIN IMMEDIATE");
            var (status, body) = await host.SaveAsync("a", 2);
            status.ShouldBe(HttpStatusCode.InternalServerError);
            body.ShouldContain("ERR_STATE_SAVE");
            body.ShouldContain("locked");
            (await host.ReadAsync("a")).ShouldBe("1");
            other.Run("ROLLBACK");
        }

        (await host.SaveAsync("a", 3)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.ReadAsync("a")).ShouldBe("3");
    }

    [Fact]
    public async Task Save_LockLetGoWithinBusyTimeout_Waits()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data, "name: busyTimeout, value: 15s"));
        using var other = StateStoreUnderTest.Open(data.At("state.db"));
        other.Run("BEGIN IMMEDIATE");
        var saves = Enumerable.Range(0, 8).Select(n => host.SaveAsync($"k{n}", n)).ToList();
        (await host.ReadAsync("k0")).ShouldBe("");
        other.Run("COMMIT");
        foreach (var (status, body) in await Task.WhenAll(saves))
        {
            status.ShouldBe(HttpStatusCode.NoContent, body);
        }
    }

    [Theory]
    [InlineData(false, "was deleted")]
    [InlineData(true, "was replaced")]
    public async Task Save_FileTakenAway_FailsAndNamesIt(bool replaced, string problem)
    {
        Assert.SkipWhen(replaced && !OperatingSystem.IsLinux(), "files are told apart on Linux only");
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data));
        (await host.SaveAsync("a", 1)).Status.ShouldBe(HttpStatusCode.NoContent);
        if (replaced)
        {
            // The old one keeps its inode, so that the new one can't have it.
            File.Move(data.At("state.db"), data.At("kept"));
            await File.WriteAllBytesAsync(data.At("state.db"), [], CoreHost.Token);
        }
        else
        {
            File.Delete(data.At("state.db"));
        }

        var (status, body) = await host.SaveAsync("a", 2);
        status.ShouldBe(HttpStatusCode.InternalServerError);
        body.ShouldContain(problem);
        body.ShouldContain(data.At("state.db"));
    }

    [Fact]
    public async Task Save_ReadOnly_FailsAndReadsGoOn()
    {
        using var data = new Folder();
        await using (var first = await CoreHost.StartAsync(StateStoreUnderTest.Files(data)))
        {
            await first.SaveAsync("a", 1);
        }

        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files($"file:{data.At("state.db")}?mode=ro"));
        var (status, body) = await host.SaveAsync("a", 2);
        status.ShouldBe(HttpStatusCode.InternalServerError);
        body.ShouldContain("readonly");
        (await host.ReadAsync("a")).ShouldBe("1");
    }

    [Fact]
    public async Task Start_NotSqlite_NamesFileAndProblem()
    {
        using var data = new Folder(new() { ["state.db"] = string.Concat(Enumerable.Repeat("this is no database. ", 100)) });
        var fault = await CoreHost.FaultAsync(StateStoreUnderTest.Files(data));
        fault.ShouldContain("store.yaml");
        fault.ShouldContain(data.At("state.db"));
        fault.ShouldContain("not a database");
    }

    [Theory]
    [InlineData("name: busyTimeout, value: soon", "busyTimeout")]
    [InlineData("name: tableName, value: \"a b\"", "tableName")]
    [InlineData("name: metadataTableName, value: \"x; DROP TABLE state\"", "metadataTableName")]
    [InlineData("name: timeout, value: 10ms", "timeout")]
    [InlineData("name: cleanupInterval, value: often", "cleanupInterval")]
    public async Task Start_WrongMetadata_NamesIt(string metadata, string name)
    {
        using var data = new Folder();
        var fault = await CoreHost.FaultAsync(StateStoreUnderTest.Files(data, metadata));
        fault.ShouldContain($"'{name}'");
        fault.ShouldContain("store.yaml");
    }

    [Fact]
    public async Task Save_DiskFull_FailsAndKeepsWhatWasAcknowledged()
    {
        using var disk = SmallDisk.Mount();
        var path = Path.Combine(disk.Folder.FullName, "state.db");
        var saved = new List<string>();
        await using (var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(path)))
        {
            await host.SaveAsync("first", 1);
            disk.Fill();
            HttpStatusCode status;
            var value = new string('x', 50_000);
            do
            {
                var key = $"k{saved.Count}";
                (status, var body) = await host.SaveAsync(key, value);
                if (status == HttpStatusCode.NoContent)
                {
                    saved.Add(key);
                }
                else
                {
                    body.ShouldContain("full");
                }
            }
            while (status == HttpStatusCode.NoContent && saved.Count < 200);

            status.ShouldBe(HttpStatusCode.InternalServerError);
            disk.MakeRoom();
            (await host.SaveAsync("after", 1)).Status.ShouldBe(HttpStatusCode.NoContent);
        }

        await using var again = await CoreHost.StartAsync(StateStoreUnderTest.Files(path));
        foreach (var key in saved.Append("first").Append("after"))
        {
            (await again.ReadAsync(key)).ShouldNotBeEmpty(key);
        }
    }

    [Fact]
    public async Task Save_ManyAtOnceWithOneThatDoesNotMatch_OthersAreSaved()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data));
        await host.SaveAsync("taken", 0);
        var others = Enumerable.Range(0, 50).Select(n => host.SaveAsync($"k{n}", n)).ToList();
        using var content = new StringContent("""
            {"operations":[{"operation":"upsert","request":{"key":"new","value":1}},
              {"operation":"upsert","request":{"key":"taken","value":1,"options":{"concurrency":"first-write"}}}]}
            """);
        (await host.Http.PostAsync("/v1.0/state/store/transaction", content, CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await Task.WhenAll(others)).ShouldAllBe(static answer => answer.Status == HttpStatusCode.NoContent);
        (await host.ReadAsync("new")).ShouldBe("");
        (await host.ReadAsync("taken")).ShouldBe("0");
        (await host.ReadAsync("k49")).ShouldBe("49");
    }
}
