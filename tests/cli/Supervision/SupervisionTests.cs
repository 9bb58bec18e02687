using HmsMesh.Cli.RunFile;
using HmsMesh.Cli.Supervision;

namespace HmsMesh.Cli.Tests.Supervision;

public class SupervisionTests
{
    [Fact]
    public void Backoff_DeathAfterDeath_WaitsTwiceAsLongUpToALimit()
    {
        var backoff = new Backoff();

        var waits = Enumerable.Range(0, 9).Select(_ => backoff.After(TimeSpan.FromSeconds(1)).TotalSeconds);

        waits.ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
        backoff.After(Backoff.GoodRun).ShouldBe(Backoff.First);
    }

    [Fact]
    public void Obituary_OfADeathAtStart_NamesPlaceCauseLinesAndRemedy()
    {
        var text = Obituary.Write(Plan(), 139, wasHealthy: false, ["one", "", "two"], TimeSpan.FromSeconds(2));

        text.ShouldBe(
            "staffing (dapr.yaml:7) was ended by SIGSEGV before it was healthy; it starts again in 2 s; 'mesh logs staffing' shows all it said. " +
            "Its last lines:\n    one\n    two");
    }

    [Fact]
    public void Obituary_OfASilentDeathLater_SaysSo() =>
        Obituary.Write(Plan(), 3, wasHealthy: true, [], TimeSpan.FromSeconds(0.5)).ShouldContain("ended with exit code 3 while it ran and said nothing; it starts again in 0.5 s");

    [Fact]
    public void Environment_OfAService_IsWhatTheKitReads() =>
        Plan().Environment().ShouldBe(
            new Dictionary<string, string>
            {
                ["APP_ID"] = "staffing",
                ["APP_PORT"] = "20001",
                ["DAPR_HTTP_PORT"] = "20002",
                ["DAPR_HTTP_ENDPOINT"] = "http://127.0.0.1:20002",
                ["DAPR_API_TOKEN"] = "api",
                ["APP_API_TOKEN"] = "app",
                ["MESH_DATA"] = "/data",
            },
            ignoreOrder: true);

    private static ServicePlan Plan() => new()
    {
        App = new RunApp { AppId = "staffing", Folder = "/", Command = ["./bin/staffing"], Place = "dapr.yaml:7" },
        AppPort = 20001,
        SidecarPort = 20002,
        ApiToken = "api",
        AppToken = "app",
        Data = "/data",
    };
}
