namespace HmsMesh.Cli.Tests.Generate;

/// <summary>What x-dapr says becomes dapr.yaml, access.yaml and HTTPEndpoints.</summary>
public class DaprSettingsTests
{
    [Fact]
    public void Generate_OfSettings_WritesThemWhereTheyBelong()
    {
        using var clone = TestClone.OfTwo();
        clone.Service("bank");
        clone.Change("services/bank/asyncapi.yaml", "x-dapr: {", "x-dapr: {outside: true, command: [node, index.js], env: {ISSUER: 'http://127.0.0.1:7000'}, ");
        clone.Change("services/capacity/asyncapi.yaml", "x-dapr: {", "x-dapr: {calls: [bank], ");
        clone.Change("services/staffing/asyncapi.yaml", "x-dapr: {", "x-dapr: {calls: [bank, capacity], secrets: [key], ");

        clone.Generate().ShouldBe(0, clone.Error.ToString());

        clone.Read("dapr/dapr.yaml").ShouldContain("    command:\n      - node\n      - index.js\n    env:\n      ISSUER: 'http://127.0.0.1:7000'\n");
        clone.Read("dapr/access.yaml").ShouldContain("      - appId: staffing\n        defaultAction: allow\n");
        clone.Read("dapr/access.yaml").ShouldNotContain("appId: capacity", Case.Sensitive, "an HTTPEndpoint asks no app's leave");
        clone.Read("dapr/dapr.yaml").ShouldContain("configFilePath: config-staffing.yaml\n");
        clone.Read("dapr/config-staffing.yaml").ShouldContain("defaultAccess: deny\n        allowedSecrets:\n          - key\n");
        clone.Read("dapr/config.yaml").ShouldContain("storeName: secretstore\n        defaultAccess: deny\n");
        File.Exists(Path.Combine(clone.Root, "dapr/config-capacity.yaml")).ShouldBeFalse();
        foreach (var broker in new[] { "embedded", "redis" })
        {
            var endpoint = clone.Read($"components/{broker}/httpendpoint-bank.yaml");
            endpoint.ShouldContain("baseUrl: 'http://127.0.0.1:");
            endpoint.ShouldContain("scopes:\n  - capacity\n  - staffing\n");
        }
    }

    [Fact]
    public void Generate_OfAnAgency_TakesItLikeAService()
    {
        using var clone = TestClone.OfTwo();
        clone.Write("agencies/parks/asyncapi.yaml", clone.Read("services/staffing/asyncapi.yaml").Replace("staffing", "parks").Replace("../capacity/", "../../services/capacity/").Replace("7002", "7099").Replace("8002", "8099"));

        clone.Generate().ShouldBe(0, clone.Error.ToString());

        clone.Read("dapr/dapr.yaml").ShouldContain("appDirPath: ../agencies/parks\n");
        clone.Read("components/embedded/pubsub.yaml").ShouldContain("../../services, ../../agencies");
    }

    [Fact]
    public void Generate_OfOneNameTwice_NamesBothFiles()
    {
        using var clone = TestClone.OfTwo();
        clone.Write("agencies/staffing/asyncapi.yaml", clone.Read("services/staffing/asyncapi.yaml"));

        clone.Generate().ShouldNotBe(0);

        clone.Error.ToString().ShouldContain("services/staffing/asyncapi.yaml");
        clone.Error.ToString().ShouldContain("agencies/staffing/asyncapi.yaml");
    }

    [Theory]
    [InlineData("calls: [nobody]", "names 'nobody', which is no service")]
    [InlineData("cals: [staffing]", "x-dapr knows no 'cals' (did you mean 'calls'?)")]
    [InlineData("env: {'A B': c}", "'A B' in x-dapr.env is no variable")]
    [InlineData("outside: maybe", "x-dapr.outside is neither true nor false")]
    [InlineData("secrets: one", "is no list")]
    public void Generate_OfWrongSettings_NamesTheLine(string setting, string problem)
    {
        using var clone = TestClone.OfTwo();
        clone.Change("services/staffing/asyncapi.yaml", "x-dapr: {", "x-dapr: {" + setting + ", ");

        clone.Generate().ShouldNotBe(0);

        clone.Error.ToString().ShouldContain(problem);
        clone.Error.ToString().ShouldContain("services/staffing/asyncapi.yaml:");
    }
}
