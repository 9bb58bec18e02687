using System.Net;
using System.Text;

namespace HmsMesh.Sidecar.Tests.Core;

public class CoreResourcesTests
{
    private static readonly string Good = CoreHost.Component("store", "state.in-memory");

    [Theory]
    [InlineData("metadata: [oops\nkind: Component\n", "bad.yaml:2")]
    [InlineData("a: 1\n---\nkind: Component\n  b: 2\n", "bad.yaml:4")]
    [InlineData("a: 1\n---\n- a list\n", "bad.yaml:3")]
    [InlineData("a: *nowhere\n", "*nowhere")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: bad}\nspec:\n  type: state.in-memory\n  ignoreErrors: maybe\n", "bad.yaml:6: spec.ignoreErrors")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: bad}\nscopes: all\nspec:\n  type: state.in-memory\n", "bad.yaml:4: scopes")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: bad}\nspec:\n  type: state.in-memory\n  metadata: {a: b}\n", "bad.yaml:6: spec.metadata")]
    [InlineData("apiVersion: dapr.io/v2alpha1\nkind: Subscription\nmetadata: {name: bad}\nspec:\n  bulkSubscribe: {enabled: often}\n", "bad.yaml:5: spec.bulkSubscribe.enabled")]
    public async Task Start_FileThatIsNoYaml_IsNamedWithItsLineAndTheRestHolds(string text, string named)
    {
        await using var host = await CoreHost.StartAsync(new() { ["bad.yaml"] = text, ["good.yaml"] = Good });
        host.Log.Lines.ShouldContain(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains(named, StringComparison.Ordinal));
        (await host.Http.GetAsync("/v1.0/state/store/a", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("version: 1\napps:\n- appID: app\n", "Debug")]
    [InlineData("version: 1\n", "Warning")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n", "Warning")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Compnent\nmetadata: {name: other}\n", "Error")]
    public async Task Start_DocumentOfNoKindOfDapr_IsNamedAsLoudlyAsItDeserves(string text, string level)
    {
        await using var host = await CoreHost.StartAsync(new() { ["other.yaml"] = text, ["good.yaml"] = Good });
        host.Log.Lines.ShouldContain(line => line.StartsWith(level, StringComparison.Ordinal) && line.Contains("other.yaml:", StringComparison.Ordinal));
        host.Log.Lines.Count(line => line.Contains("other.yaml", StringComparison.Ordinal)).ShouldBe(1);
    }

    public static TheoryData<string, string> Bombs { get; } = new()
    {
        { "nested deeper", new string('[', 5_000) + new string(']', 5_000) },
        { "aliases written out", Bomb() },
        { "larger than 1 MiB", "a: " + new string('x', 1 << 20) },
        { "more than 1000 documents", string.Concat(Enumerable.Repeat("---\n", 2_000)) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task Start_FileThatCostsTooMuch_IsLeftOutAndNamed(string problem, string text)
    {
        await using var host = await CoreHost.StartAsync(new() { ["bomb.yaml"] = text, ["good.yaml"] = Good });
        host.Log.Lines.ShouldContain(line => line.Contains("bomb.yaml", StringComparison.Ordinal) && line.Contains(problem, StringComparison.Ordinal));
        (await host.Http.GetAsync("/v1.0/state/store/a", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Start_TypeNobodyHas_NamesPlaceAndWhatThereIs()
    {
        var fault = await CoreHost.FaultAsync(new() { ["two.yaml"] = $"{Good}\n---\n{CoreHost.Component("bad", "pubsub.nonsense")}" });
        fault.ShouldContain("two.yaml:15: ");
        fault.ShouldContain("pubsub.nonsense/v1");
        fault.ShouldContain("state.sqlite");
    }

    [Fact]
    public async Task Start_TwoOfOneName_NamesBothPlaces()
    {
        var fault = await CoreHost.FaultAsync(new() { ["one.yaml"] = Good, ["two.yml"] = Good });
        fault.ShouldContain("one.yaml:1");
        fault.ShouldContain("two.yml:1");
    }

    [Theory]
    [InlineData("state.sqlite", "", "connectionString")]
    [InlineData("state.sqlite", "name: connectionString, value: ':memory:'}, {name: tableName, value: 'a; DROP TABLE b'", "tableName")]
    [InlineData("state.sqlite", "name: connectionString, value: ':memory:'}, {name: busyTimeout, value: soon", "busyTimeout")]
    [InlineData("state.sqlite", "name: connectionString, value: ':memory:?_pragma=journal_mode(off)'", "journal_mode")]
    [InlineData("state.sqlite", "name: connectionString, value: /proc/nowhere/state.db", "/proc/nowhere/state.db")]
    [InlineData("secretstores.local.file", "", "secretsFile")]
    [InlineData("secretstores.local.file", "name: secretsFile, value: /nowhere.json", "/nowhere.json")]
    public async Task Start_MetadataThatIsWrong_NamesFileAndKey(string type, string metadata, string named)
    {
        var fault = await CoreHost.FaultAsync(new() { ["store.yaml"] = CoreHost.Component("store", type, metadata.Length == 0 ? [] : [metadata]) });
        fault.ShouldContain(metadata.Length == 0 ? "store.yaml:1: " : "store.yaml:8: ");
        fault.ShouldContain(named);
    }

    [Fact]
    public async Task Start_MetadataNobodyReads_IsNamed()
    {
        await using var host = await CoreHost.StartAsync(new() { ["store.yaml"] = CoreHost.Component("store", "state.in-memory", "name: tabelName, value: x") });
        host.Log.Lines.ShouldContain(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("'tabelName'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_ResourcesPathMissing_SaysSo()
    {
        var fault = await CoreHost.FaultAsync([], options => options with { ResourcesPaths = ["/nowhere/at/all"] });
        fault.ShouldContain("/nowhere/at/all");
    }

    [Theory]
    [InlineData(null, "config.yaml")]
    [InlineData("kind: [", "config.yaml")]
    [InlineData("kind: Configuration\nspec:\n  tracing:\n    samplingRate: often\n", "config.yaml:4")]
    [InlineData("kind: Configuration\nspec:\n  api: wrong\n", "config.yaml:3")]
    public async Task Start_ConfigurationBroken_StopsAndNamesIt(string? text, string named)
    {
        using var folder = new Folder();
        if (text is not null)
        {
            await File.WriteAllTextAsync(folder.At("config.yaml"), text, CoreHost.Token);
        }

        (await CoreHost.FaultAsync([], options => options with { ConfigPaths = [folder.At("config.yaml")] })).ShouldContain(named);
    }

    [Fact]
    public async Task Start_NamespaceAndScopes_LeaveOutWhatIsNotForTheApp()
    {
        var files = new Dictionary<string, string>
        {
            ["a.yaml"] = CoreHost.Component("mine", "state.in-memory") + "\nscopes: [app, other]",
            ["b.yaml"] = CoreHost.Component("theirs", "state.in-memory") + "\nscopes: [other]",
            ["c.yaml"] = CoreHost.Component("far", "state.in-memory").Replace("  name: far", "  name: far\n  namespace: far-away", StringComparison.Ordinal),
        };
        await using var host = await CoreHost.StartAsync(files, options => options with { Namespace = "here" });
        var metadata = await host.Http.GetStringAsync("/v1.0/metadata", CoreHost.Token);
        metadata.ShouldContain("\"mine\"");
        metadata.ShouldNotContain("theirs");
        metadata.ShouldNotContain("far");
    }

    [Fact]
    public async Task Start_TemplatesSecretsAndVariables_ArePutIn()
    {
        using var folder = new Folder();
        var files = new Dictionary<string, string>
        {
            ["env.yaml"] = CoreHost.Component("env", "secretstores.local.env", "name: prefix, value: 'MY_'"),
            ["a.yaml"] = CoreHost.Component("plain", "state.sqlite", $"name: connectionString, value: '{folder.At("{namespace}.db")}'"),
            ["b.yaml"] = CoreHost.Component("secret", "state.sqlite", "name: connectionString, secretKeyRef: {name: DB, key: DB}") + "\nauth: {secretStore: env}",
            ["c.yaml"] = CoreHost.Component("variable", "state.sqlite", "name: connectionString, envRef: OTHER_DB"),
        };
        var environment = new Dictionary<string, string> { ["MY_DB"] = folder.At("secret.db"), ["OTHER_DB"] = folder.At("variable.db") };
        await using var host = await CoreHost.StartAsync(files, options => options with { Environment = environment, Namespace = "here" });
        foreach (var file in new[] { "here.app.db", "secret.db", "variable.db" })
        {
            File.Exists(folder.At(file)).ShouldBeTrue(file);
        }
    }

    [Fact]
    public async Task Start_VariableOfTheSidecarItself_IsWithheld()
    {
        var environment = new Dictionary<string, string> { ["DAPR_API_TOKEN"] = "t0ken" };
        var store = CoreHost.Component("store", "state.sqlite", "name: connectionString, envRef: DAPR_API_TOKEN");
        var fault = await CoreHost.FaultAsync(new() { ["store.yaml"] = store }, options => options with { Environment = environment });
        fault.ShouldContain("connectionString");
        fault.ShouldNotContain("t0ken");
    }

    [Fact]
    public async Task Start_SecretStoreMissing_GoesOnWithoutTheComponent()
    {
        var store = CoreHost.Component("store", "state.sqlite", "name: connectionString, secretKeyRef: {name: a, key: a}") + "\nauth: {secretStore: nowhere}";
        await using var host = await CoreHost.StartAsync(new() { ["store.yaml"] = store });
        host.Log.Lines.ShouldContain(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("'nowhere'", StringComparison.Ordinal));
        (await host.Http.GetStringAsync("/v1.0/metadata", CoreHost.Token)).ShouldNotContain("\"store\"");
    }

    private static string Bomb()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 9; level++)
        {
            text.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        return text.ToString();
    }
}
