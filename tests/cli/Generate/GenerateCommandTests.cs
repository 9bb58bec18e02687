using HmsMesh.Cli.Generate.Model;
using YamlDotNet.RepresentationModel;

namespace HmsMesh.Cli.Tests.Generate;

public class GenerateCommandTests
{
    [Fact]
    public void Check_OfThisRepository_FindsNothing()
    {
        var clone = new MeshContext { Root = Repository.Root, Out = new StringWriter(), Error = new StringWriter() };

        var code = HmsMesh.Cli.Generate.GenerateCommand.Run(clone, check: true);

        clone.Error.ToString().ShouldBe("");
        code.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public void Generate_Again_TouchesNothing()
    {
        using var clone = TestClone.OfTwo();
        clone.Generate().ShouldBe(ExitCode.Done);
        var files = Directory.GetFiles(clone.Root, "*", SearchOption.AllDirectories);
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var file in files)
            File.SetLastWriteTimeUtc(file, old);

        clone.Generate().ShouldBe(ExitCode.Done);

        Directory.GetFiles(clone.Root, "*", SearchOption.AllDirectories).ShouldBe(files, ignoreOrder: true);
        files.ShouldAllBe(file => File.GetLastWriteTimeUtc(file) == old);
        clone.Generate(check: true).ShouldBe(ExitCode.Done);
    }

    [Fact]
    public void Generate_ServicesInAnotherOrder_WritesTheSame()
    {
        using var one = new TestClone();
        using var two = new TestClone();
        one.Service("capacity", says: ["afrh.capacity.low", "afrh.capacity.restored"]);
        one.Service("staffing", hears: ["afrh.capacity.*"]);
        // Same services, made in the same order for the same ports, with operations the other way round.
        two.Service("capacity", says: ["afrh.capacity.restored", "afrh.capacity.low"]);
        two.Service("staffing", hears: ["afrh.capacity.*"]);

        one.Generate().ShouldBe(ExitCode.Done);
        two.Generate().ShouldBe(ExitCode.Done);

        foreach (var file in new[] { "components/embedded/pubsub.yaml", "components/redis/subscriptions-staffing.yaml", "dapr/dapr.yaml" })
            two.Read(file).ShouldBe(one.Read(file));
    }

    [Fact]
    public void Check_ChangedFile_NamesItsFirstDifferenceAndWritesNothing()
    {
        using var clone = TestClone.OfTwo();
        clone.Generate();
        clone.Change("components/embedded/subscriptions-staffing.yaml", "topic: afrh.capacity.low", "topic: afrh.capacity.high");
        var changed = clone.Read("components/embedded/subscriptions-staffing.yaml");
        var line = changed.Split('\n').Index().First(l => l.Item.Contains("topic:", StringComparison.Ordinal)).Index + 1;

        var code = clone.Generate(check: true);

        code.ShouldBe(ExitCode.Failed);
        clone.Error.ToString().ShouldContain(
            $"components/embedded/subscriptions-staffing.yaml:{line}: is 'topic: afrh.capacity.high', should be 'topic: afrh.capacity.low'");
        clone.Read("components/embedded/subscriptions-staffing.yaml").ShouldBe(changed);
        clone.Generate().ShouldBe(ExitCode.Done);
        clone.Generate(check: true).ShouldBe(ExitCode.Done);
    }

    [Theory]
    [InlineData("168h", "8.00:00:00")]
    [InlineData("720h", "31.00:00:00")]
    public void Generate_Retention_ServicesRememberLonger(string retention, string inbox)
    {
        using var clone = TestClone.OfTwo();
        clone.Change(DeliverySettings.File, "retention: 168h", $"retention: {retention}");

        clone.Generate().ShouldBe(ExitCode.Done);

        clone.Read("dapr/dapr.yaml").ShouldContain($"Mesh__InboxRetention: '{inbox}'");
        clone.Read("components/embedded/pubsub.yaml").ShouldContain($"'{retention}'");
    }

    [Fact]
    public void Check_MissingFile_NamesIt()
    {
        using var clone = TestClone.OfTwo();
        clone.Generate();
        File.Delete(Path.Combine(clone.Root, "dapr/resiliency.yaml"));

        clone.Generate(check: true).ShouldBe(ExitCode.Failed);

        clone.Error.ToString().ShouldContain("dapr/resiliency.yaml:1: is no file");
    }

    [Fact]
    public void Generate_ServiceIsGone_RemovesItsFileAndLeavesOthers()
    {
        using var clone = TestClone.OfTwo();
        clone.Service("journey", hears: ["capacity:afrh.capacity.low"]);
        clone.Generate();
        clone.Write("components/embedded/own.yaml", "# Written by hand\n");
        Directory.Delete(Path.Combine(clone.Root, "services/journey"), recursive: true);

        clone.Generate(check: true).ShouldBe(ExitCode.Failed);
        clone.Error.ToString().ShouldContain("components/embedded/subscriptions-journey.yaml:1: is a file that generate made once");
        clone.Generate().ShouldBe(ExitCode.Done);

        File.Exists(Path.Combine(clone.Root, "components/embedded/subscriptions-journey.yaml")).ShouldBeFalse();
        File.Exists(Path.Combine(clone.Root, "components/redis/subscriptions-journey.yaml")).ShouldBeFalse();
        File.Exists(Path.Combine(clone.Root, "components/embedded/own.yaml")).ShouldBeTrue();
    }

    [Fact]
    public void Generate_Fault_WritesNothing()
    {
        using var clone = TestClone.OfTwo();
        clone.Service("permits", says: ["permit.color"]);

        clone.Generate().ShouldBe(ExitCode.Usage);

        Directory.Exists(Path.Combine(clone.Root, "dapr")).ShouldBeFalse();
        clone.Error.ToString().ShouldContain("services/permits/asyncapi.yaml:");
        clone.Error.ToString().ShouldContain("[topic-verb]");
    }

    [Fact]
    public void Generate_AFileWhereAFolderMustBe_SaysSoInOneSentence()
    {
        using var clone = TestClone.OfTwo();
        clone.Write("components", "not a folder");

        var refused = Should.Throw<MeshException>(() => clone.Generate());

        refused.Message.ShouldStartWith("components/embedded/pubsub.yaml cannot be written: ");
        refused.ExitCode.ShouldBe(ExitCode.Failed);
    }

    [Fact]
    public void Generate_LargeFile_IsRefused()
    {
        using var clone = TestClone.OfTwo();
        clone.Write("services/capacity/asyncapi.yaml", new string('#', Source.MaxBytes + 1));

        clone.Generate().ShouldBe(ExitCode.Usage);

        clone.Error.ToString().ShouldContain("services/capacity/asyncapi.yaml:1: is larger than 1024 KiB");
    }

    [Fact]
    public void Generate_Pattern_IsWrittenOutForEveryTopicThatIsSaid()
    {
        using var clone = TestClone.OfTwo();
        clone.Service("claims", says: ["claim.approved", "claim.denied"]);
        clone.Service("journey", hears: ["claim.*"]);
        clone.Service("compliance", hears: ["*"]);
        clone.Generate().ShouldBe(ExitCode.Done);
        Topics(clone, "journey").ShouldBe(["claim.approved", "claim.denied"]);

        clone.Service("permits", says: ["permit.issued"]);
        clone.Generate().ShouldBe(ExitCode.Done);

        Topics(clone, "journey").ShouldBe(["claim.approved", "claim.denied"]);
        Topics(clone, "compliance").ShouldBe(["afrh.capacity.low", "claim.approved", "claim.denied", "permit.issued"]);
    }

    [Fact]
    public void Generate_Scopes_LetAnAppSayItsOwnTopicsAndItsDeadLettersOnly()
    {
        using var clone = TestClone.OfTwo();
        clone.Service("claims", says: ["claim.approved"], hears: ["capacity:afrh.capacity.low"]);
        clone.Generate().ShouldBe(ExitCode.Done);

        foreach (var broker in new[] { "embedded", "redis" })
        {
            var metadata = Metadata(clone, broker);
            metadata["publishingScopes"].ShouldBe(
                "capacity=afrh.capacity.low;claims=claim.approved,claims.dead;staffing=staffing.dead;mesh=afrh.capacity.low,claim.approved");
            metadata["subscriptionScopes"].ShouldBe("capacity=;claims=afrh.capacity.low;staffing=afrh.capacity.low;mesh=");
            metadata["protectedTopics"].ShouldBe("afrh.capacity.low,claim.approved,claims.dead,staffing.dead");
            metadata["allowedTopics"].ShouldBe(metadata["protectedTopics"]);
        }
    }

    private static string[] Topics(TestClone clone, string app) =>
    [
        .. Yaml.Documents(clone.Read($"components/redis/subscriptions-{app}.yaml"))
            .Select(document => document["spec"]["topic"].ToString()),
    ];

    private static Dictionary<string, string> Metadata(TestClone clone, string broker) =>
        ((YamlSequenceNode)Yaml.Documents(clone.Read($"components/{broker}/pubsub.yaml")).Single()["spec"]["metadata"])
        .Where(entry => ((YamlMappingNode)entry).Children.ContainsKey("value"))
        .ToDictionary(entry => entry["name"].ToString(), entry => entry["value"].ToString());
}
