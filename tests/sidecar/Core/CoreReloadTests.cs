using System.Net;

namespace HmsMesh.Sidecar.Tests.Core;

public class CoreReloadTests
{
    [Fact]
    public async Task File_AddedChangedAndRemoved_HoldsFromThenOn()
    {
        await using var host = await CoreHost.StartAsync(new() { ["kept.yaml"] = CoreHost.Component("kept", "state.in-memory") });
        await SaveAsync(host, "kept");

        await WriteAsync(host, "new.yaml", CoreHost.Component("new", "state.in-memory"));
        await UntilAsync(host, "new", HttpStatusCode.NoContent);
        await WriteAsync(host, "new.yaml", CoreHost.Component("renamed", "state.in-memory"));
        await UntilAsync(host, "renamed", HttpStatusCode.NoContent);
        await UntilAsync(host, "new", HttpStatusCode.BadRequest);
        File.Delete(host.Folder.At("new.yaml"));
        await UntilAsync(host, "renamed", HttpStatusCode.BadRequest);

        (await GetAsync(host, "kept")).ShouldBe(HttpStatusCode.OK, "What didn't change was not opened anew.");
    }

    [Theory]
    [InlineData("kind: [Component\n")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: store}\nspec: {type: state.in-memory, ignoreErrors: maybe}\n")]
    public async Task File_ThatBreaks_GoesOnAsItWas(string broken)
    {
        await using var host = await CoreHost.StartAsync(new() { ["store.yaml"] = CoreHost.Component("store", "state.in-memory") });
        await SaveAsync(host, "store");
        await WriteAsync(host, "store.yaml", broken);
        await WriteAsync(host, "other.yaml", CoreHost.Component("other", "state.in-memory"));
        await UntilAsync(host, "other", HttpStatusCode.NoContent);
        (await GetAsync(host, "store")).ShouldBe(HttpStatusCode.OK);
        host.Log.Lines.ShouldContain(line => line.Contains("store.yaml", StringComparison.Ordinal) && line.Contains("goes on", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("state.nonsense", "state.nonsense")]
    [InlineData("state.sqlite", "connectionString")]
    public async Task Component_ThatCannotOpen_LeavesTheOneBefore(string type, string said)
    {
        await using var host = await CoreHost.StartAsync(new() { ["store.yaml"] = CoreHost.Component("store", "state.in-memory") });
        await SaveAsync(host, "store");
        await WriteAsync(host, "store.yaml", CoreHost.Component("store", type));
        await WaitAsync(() => Task.FromResult(host.Log.Lines.Any(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains(said, StringComparison.Ordinal))));
        (await GetAsync(host, "store")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Folder_WithTwoOfOneName_IsRefusedAsAWhole()
    {
        await using var host = await CoreHost.StartAsync(new() { ["store.yaml"] = CoreHost.Component("store", "state.in-memory") });
        await SaveAsync(host, "store");
        await WriteAsync(host, "twice.yaml", CoreHost.Component("store", "state.in-memory"));
        await WaitAsync(() => Task.FromResult(host.Log.Lines.Any(line => line.Contains("twice.yaml:1", StringComparison.Ordinal))));
        (await GetAsync(host, "store")).ShouldBe(HttpStatusCode.OK);
    }

    private static Task WriteAsync(CoreHost host, string file, string text) => File.WriteAllTextAsync(host.Folder.At(file), text, CoreHost.Token);

    private static async Task SaveAsync(CoreHost host, string store) =>
        (await host.Http.PostAsync($"/v1.0/state/{store}", new StringContent("""[{"key": "a", "value": 1}]"""), CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    private static async Task<HttpStatusCode> GetAsync(CoreHost host, string store) =>
        (await host.Http.GetAsync($"/v1.0/state/{store}/a", CoreHost.Token)).StatusCode;

    private static Task UntilAsync(CoreHost host, string store, HttpStatusCode status) => WaitAsync(async () => await GetAsync(host, store) == status);

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(CoreHost.Token);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
