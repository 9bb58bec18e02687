using HmsMesh.Cli.Supervision.Sidecars;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Tests.Supervision;

public class SidecarProcessTests
{
    [Fact]
    public void Flags_OfAllOptions_AreReadBackAsTheSame()
    {
        var options = new SidecarOptions
        {
            AppId = "staffing",
            HttpPort = 20002,
            AppPort = 20001,
            AppProtocol = "h2c",
            AppMaxConcurrency = 7,
            AppHealth = new AppHealthOptions { Path = "/live", Interval = TimeSpan.FromSeconds(2), Timeout = TimeSpan.FromMilliseconds(300), Threshold = 4 },
            ApiToken = "api-secret",
            AppToken = "app-secret",
            ResourcesPaths = ["/one", "/two"],
            ConfigPaths = ["/config.yaml"],
            DataPath = "/data",
            LogLevel = "warn",
            EnableApiLogging = true,
            Environment = new Dictionary<string, string> { ["A"] = "b" },
        };

        var flags = SidecarCommandLine.Flags(options);
        var environment = SidecarCommandLine.Environment(options);

        flags.ShouldAllBe(word => !word.Contains("secret"));
        environment[SidecarCommandLine.FolderVariable].ShouldBe("/data");
        var read = SidecarFlags.Parse(flags, environment);
        read.Ignored.ShouldBeEmpty();
        read.ResourcesPaths.ShouldBe(options.ResourcesPaths);
        read.ConfigPaths.ShouldBe(options.ConfigPaths);
        read.LogAsJson.ShouldBeTrue();
        (read with
        {
            ResourcesPaths = options.ResourcesPaths,
            ConfigPaths = options.ConfigPaths,
            DataPath = options.DataPath,
            Environment = options.Environment,
            ListenAddresses = options.ListenAddresses,
            DisabledInitEndpoints = options.DisabledInitEndpoints,
            Ignored = options.Ignored,
            LogAsJson = false,
        }).ShouldBe(options);
    }

    [Theory]
    [InlineData("""{"app_id":"a","level":"info","msg":"HTTP server listening","scope":"s","time":"t","type":"log"}""", "HTTP server listening")]
    [InlineData("""{"level":"warning","msg":"slow"}""", "warning: slow")]
    [InlineData("""{"level":"error","msg":"two\nlines"}""", "error: two ⏎ lines")]
    [InlineData("""{"level":7,"msg":"x"}""", """{"level":7,"msg":"x"}""")]
    [InlineData("""{"level":"info"}""", """{"level":"info"}""")]
    [InlineData("{broken", "{broken")]
    [InlineData("Unhandled exception", "Unhandled exception")]
    public void Plain_OfALine_IsWhatTheSidecarSaid(string line, string text) => SidecarLines.Plain(line).ShouldBe(text);

    [Fact]
    public void Fault_AfterTheLastSentence_IsThatSentence()
    {
        var said = new List<string>();
        var lines = new SidecarLines(said.Add);
        lines.Take("other");
        lines.Fault.ShouldBeNull();

        lines.Take("mesh sidecar: pubsub.yaml:3: no such component");

        lines.Fault.ShouldBe("pubsub.yaml:3: no such component");
        said.Count.ShouldBe(2);
    }
}
