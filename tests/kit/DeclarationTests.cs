namespace HmsMesh.Kit.Tests;

public class DeclarationTests
{
    [Fact]
    public void Says_NoContract_NamesTheFileThatIsMissing()
    {
        var mesh = MeshService.Create(["--APP_ID=sample"]);

        Should.Throw<MeshConfigurationException>(() => mesh.Says<ShiftScheduled>("shift.lost")).Message.ShouldContain("contracts/shift.lost.json");
        Should.Throw<MeshConfigurationException>(() => mesh.Hears<BedsLow>("beds.lost", (_, _, _) => Task.CompletedTask)).Message.ShouldContain("beds.lost");
    }

    [Fact]
    public void Hears_TwoHandlersOfOneName_AreRefused()
    {
        var mesh = MeshService.Create(["--APP_ID=sample"]);
        mesh.Hears<BedsLow>("beds.low", (_, _, _) => Task.CompletedTask);

        Should.Throw<MeshConfigurationException>(() => mesh.Hears<BedsLow>("beds.low", (_, _, _) => Task.CompletedTask)).Message.ShouldContain("beds.low");
        mesh.Hears<BedsLow>("beds.low", (_, _, _) => Task.CompletedTask, "second");
    }

    [Theory]
    [InlineData("--APP_PORT=many", "APP_PORT")]
    [InlineData("--DAPR_HTTP_ENDPOINT=nowhere", "DAPR_HTTP_ENDPOINT")]
    [InlineData("--Mesh:HandlerTimeout=soon", "Mesh:HandlerTimeout")]
    public void Build_WrongSetting_NamesTheKey(string argument, string key)
    {
        var mesh = MeshService.Create(["--APP_ID=sample", "--Logging:LogLevel:Default=None", argument]);

        Should.Throw<MeshConfigurationException>(() => mesh.Build()).Message.ShouldStartWith(key);
    }

    [Fact]
    public void Create_WrongAppId_NamesTheKey() =>
        Should.Throw<MeshConfigurationException>(() => MeshService.Create(["--APP_ID=a b"])).Message.ShouldStartWith("APP_ID");
}
