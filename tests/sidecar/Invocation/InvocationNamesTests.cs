using System.Net;
using System.Runtime.Versioning;
using HmsMesh.Shared;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>The names database: its instances, its token, and what becomes of a broken one.</summary>
public class InvocationNamesTests
{
    private const string Call = "/v1.0/invoke/callee/method/hello";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Invoke_InstanceThatIsGone_IsPassedOver()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.ByFile();
        await mesh.AddAsync("callee", app.Port);
        var caller = await mesh.AddAsync("caller");
        (await caller.GetStringAsync(Call, Token)).ShouldBe("hi");
        NamesTable.Add(mesh.NamesFile, "callee", $"127.0.0.1:{FreePorts.Take()}");
        NamesTable.Add(mesh.NamesFile, "callee", $"127.0.0.1:{FreePorts.Take()}");

        for (var i = 0; i < 10; i++)
        {
            (await caller.GetStringAsync(Call, Token)).ShouldBe("hi");
        }
    }

    [Fact]
    public async Task Invoke_ExpiredRegistration_IsNobody()
    {
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");
        await caller.GetAsync(Call, Token);
        NamesTable.Add(mesh.NamesFile, "gone", $"127.0.0.1:{FreePorts.Take()}", secondsAgo: 60);

        using var answer = await caller.GetAsync("/v1.0/invoke/gone/method/x", Token);

        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("no host found with the given ID");
    }

    [Fact]
    public async Task Invoke_PortThatAnotherAppHasByNow_IsPassedOver()
    {
        await using var wrong = await CallApp.SayingAsync("wrong");
        await using var right = await CallApp.SayingAsync("right");
        await using var mesh = CallMesh.ByFile();
        await mesh.AddAsync("other", wrong.Port);
        await mesh.AddAsync("callee", right.Port);
        var caller = await mesh.AddAsync("caller");
        await caller.GetAsync("/v1.0/invoke/other/method/x", Token);
        var address = NamesTable.Addresses(mesh.NamesFile, "other").Single();
        NamesTable.Add(mesh.NamesFile, "callee", address);

        for (var i = 0; i < 6; i++)
        {
            (await caller.GetStringAsync(Call, Token)).ShouldBe("right");
        }
    }

    [Fact]
    public async Task Invoke_SidecarOfAnotherMesh_DoesNotLetTheCallIn()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var one = CallMesh.ByFile();
        await using var other = CallMesh.ByFile();
        await other.AddAsync("callee", app.Port);
        var stranger = await other.AddAsync("caller");
        (await stranger.GetStringAsync(Call, Token)).ShouldBe("hi");
        var caller = await one.AddAsync("caller", resources: CallMesh.Resiliency("""
            policies:
              retries:
                DaprBuiltInServiceRetries: { policy: constant, duration: 10ms, maxRetries: 3 }
            """));
        await caller.GetAsync(Call, Token);
        NamesTable.Add(one.NamesFile, "callee", NamesTable.Addresses(other.NamesFile, "callee").Single());

        using var answer = await caller.GetAsync(Call, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        app.Calls.ShouldBe(1);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Names_FileAndToken_AreTheUsersOwn()
    {
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");
        await caller.GetAsync(Call, Token);

        File.GetUnixFileMode(mesh.NamesFile + ".token").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(mesh.NamesFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Names_SeveralSidecarsAtOnce_ShareOneTokenAndAllAreFound()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.ByFile();
        const int Sidecars = 8;
        await Task.WhenAll(Enumerable.Range(0, Sidecars).Select(i => Task.Run(() => mesh.AddAsync($"app{i}", app.Port), Token)));

        var caller = await mesh.AddAsync("caller");
        for (var i = 0; i < Sidecars; i++)
        {
            (await caller.GetStringAsync($"/v1.0/invoke/app{i}/method/x", Token)).ShouldBe("hi");
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Names_NotSqlite_SaySoAndTheSidecarGoesOn()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.ByFile();
        await File.WriteAllTextAsync(mesh.NamesFile, new string('x', 5_000), Token);
        File.SetUnixFileMode(mesh.NamesFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var caller = await mesh.AddAsync("caller", app.Port);

        using var answer = await caller.GetAsync(Call, Token);

        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("is no SQLite database");
        (await caller.GetStringAsync("/v1.0/invoke/caller/method/x", Token)).ShouldBe("hi", "its own app needs no names");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Names_WritableByEverybody_AreNotTrusted()
    {
        await using var mesh = CallMesh.ByFile();
        await File.WriteAllTextAsync(mesh.NamesFile, "", Token);
        File.SetUnixFileMode(mesh.NamesFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        var caller = await mesh.AddAsync("caller");

        using var answer = await caller.GetAsync(Call, Token);

        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("chmod o-w");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Names_LockedByAnotherProgram_SaySoAndAreTakenUpAfterwards()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.ByFile();
        await File.Create(mesh.NamesFile).DisposeAsync();
        File.SetUnixFileMode(mesh.NamesFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        HttpClient caller;
        using (var connection = NamesTable.Open(mesh.NamesFile))
        {
            using var hold = connection.CreateCommand();
            hold.CommandText = "BEGIN EXCLUSIVE";
            await hold.ExecuteNonQueryAsync(Token);
            caller = await mesh.AddAsync("caller");
            await mesh.AddAsync("callee", app.Port);

            using var answer = await caller.GetAsync(Call, Token);

            (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("is locked by another program");
        }

        await UntilAsync(caller, "hi");
    }

    [Fact]
    public async Task Names_FileRemovedWhileRunning_AreMadeAnew()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", config: FastConfig(mesh));
        await mesh.AddAsync("callee", app.Port, config: FastConfig(mesh));
        (await caller.GetStringAsync(Call, Token)).ShouldBe("hi");

        foreach (var file in Directory.GetFiles(mesh.Folder.Path, "names.db*").Where(static file => !file.EndsWith(".token", StringComparison.Ordinal)))
        {
            File.Delete(file);
        }

        using var patience = Patience.Of(Token);
        while (!File.Exists(mesh.NamesFile) || NamesTable.Addresses(mesh.NamesFile, "callee").Count == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }

        await UntilAsync(caller, "hi");
    }

    [Theory]
    [InlineData("component: consul", "must be sqlite")]
    [InlineData("component: sqlite", "configuration is missing")]
    [InlineData("component: sqlite\n    configuration: { tableName: x }", "connectionString is missing")]
    [InlineData("component: sqlite\n    configuration: { connectionString: 'n.db', tableName: 'a b' }", "tableName must be")]
    [InlineData("component: sqlite\n    configuration: { connectionString: 'n.db', updateInterval: 1s }", "updateInterval must be")]
    public async Task Names_BadConfiguration_StopsTheSidecar(string section, string problem)
    {
        await using var mesh = CallMesh.ByFile();

        var failure = await Should.ThrowAsync<SidecarException>(() => mesh.AddAsync("caller", config: $"""
            apiVersion: dapr.io/v1alpha1
            kind: Configuration
            metadata:
              name: config
            spec:
              nameResolution:
                {section}
            """));

        failure.Message.ShouldContain(problem);
    }

    private static string FastConfig(CallMesh mesh) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Configuration
        metadata:
          name: config
        spec:
          nameResolution:
            component: sqlite
            version: v1
            configuration:
              connectionString: {mesh.NamesFile}
              updateInterval: 2s
        """;

    private static async Task UntilAsync(HttpClient caller, string text)
    {
        using var patience = Patience.Of(Token);
        while (true)
        {
            using var answer = await caller.GetAsync(Call, patience.Token);
            if (await answer.Content.ReadAsStringAsync(patience.Token) == text)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
