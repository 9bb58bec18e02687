using HmsMesh.Cli.Test;

namespace HmsMesh.Cli.Tests.Test;

public sealed class TestReportTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_AReportOfTheRunner_CountsErrorsAsFailuresAndNamesSkips()
    {
        File.WriteAllText(_file, """
            <assemblies><assembly passed="3" failed="1" skipped="1" errors="1"><collection>
            <test name="A.B" result="Skip"><reason>no strace here</reason></test><test name="A.C" result="Pass" />
            </collection></assembly></assemblies>
            """);

        var (tally, skips) = TestReport.Read(_file).ShouldNotBeNull();

        tally.ShouldBe(new TestTally(3, 2, 1));
        skips.ShouldBe(["A.B: no strace here"]);
    }

    [Fact]
    public void Read_AReportThatWasCutOff_IsNoResult()
    {
        File.WriteAllText(_file, "<assemblies><assembly passed=\"3\"");

        TestReport.Read(_file).ShouldBeNull();
    }

    [Fact]
    public void Read_NoReport_IsNoResult() => TestReport.Read(_file + ".none").ShouldBeNull();
}
