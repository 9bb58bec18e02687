namespace HmsMesh.Kit.Tests;

public class DeclarationTests
{
    [Fact]
    public void Says_NoContract_NamesTheFileThatIsMissing()
    {
        var mesh = MeshService.Create(["--APP_ID=sample"]);

        mesh.Says<ShiftScheduled>("shift.lost").Hears<BedsLow>("beds.lost", (_, _, _) => Task.CompletedTask);

        var message = Should.Throw<MeshConfigurationException>(() => mesh.Build()).Message;
        message.ShouldContain("contracts/shift.lost.json");
        message.ShouldContain("contracts/beds.lost.json");
    }

    [Fact]
    public void Hears_TwoHandlersOfOneName_AreRefused()
    {
        var mesh = MeshService.Create(["--APP_ID=sample"]);
        mesh.Hears<BedsLow>("beds.low", (_, _, _) => Task.CompletedTask);

        mesh.Hears<BedsLow>("beds.low", (_, _, _) => Task.CompletedTask, "second");
        mesh.Hears<BedsLow>("beds.low", (_, _, _) => Task.CompletedTask);

        Should.Throw<MeshConfigurationException>(() => mesh.Build()).Message.ShouldContain("two handlers are named beds.low");
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
        Should.Throw<MeshConfigurationException>(() => MeshService.Create(["--APP_ID=a b"]).Build()).Message.ShouldStartWith("APP_ID");
}
