using HmsMesh.Cli.New;
using HmsMesh.Cli.Tests.Generate;

namespace HmsMesh.Cli.Tests.New;

public sealed class NewCommandTests : IDisposable
{
    private readonly TestClone _clone = TestClone.OfTwo();
    private readonly MeshContext _context;

    public NewCommandTests()
    {
        _clone.Write("HmsMesh.sln", File.ReadAllText(Path.Combine(Repository.Root, "HmsMesh.sln")));
        _clone.Generate().ShouldBe(ExitCode.Done);
        _context = new MeshContext { Root = _clone.Root, Out = _clone.Out, Error = _clone.Error };
    }

    public void Dispose() => _clone.Dispose();

    [Fact]
    public void New_Service_IsInTheMesh()
    {
        NewCommand.Run(_context, "weather", ["afrh.capacity.low"], says: null).ShouldBe(ExitCode.Done);

        _clone.Problems().ShouldBeEmpty();
        _clone.Generate(check: true).ShouldBe(ExitCode.Done);
        _clone.Read("dapr/dapr.yaml").ShouldContain("- appID: weather");
        _clone.Read("components/embedded/subscriptions-weather.yaml").ShouldContain("topic: afrh.capacity.low");
        _clone.Read("components/embedded/pubsub.yaml").ShouldContain("weather=weather.capacity.noted,weather.dead");
        foreach (var file in new[] { "services/weather/README.md", "services/weather/contracts/weather.capacity.noted.json", "tests/weather/WeatherTests.cs" })
            File.Exists(Path.Combine(_clone.Root, file)).ShouldBeTrue(file);
    }

    [Fact]
    public void New_Program_IsUnder20LinesAndHandlesWhatItHears()
    {
        _clone.Service("claims", says: ["claim.approved"]);
        NewCommand.Run(_context, "weather", ["afrh.capacity.low"], "weather.alert.raised").ShouldBe(ExitCode.Done);

        var program = _clone.Read("services/weather/Program.cs");

        program.ReplaceLineEndings("\n").TrimEnd().Split('\n').Length.ShouldBeLessThan(20);
        program.ShouldContain("mesh.Hears<CapacityLow>(\"afrh.capacity.low\"");
        program.ShouldContain("mesh.Says<AlertRaised>(\"weather.alert.raised\")");
        program.ShouldContain("handling.Event.Id, handling.Age");
    }

    [Theory]
    [InlineData("node", "index.js", "node")]
    [InlineData("python", "service.py", "python3")]
    public void New_InAnotherLanguage_IsUnder20LinesAndInTheMesh(string language, string file, string program)
    {
        NewCommand.Run(_context, "weather", ["afrh.capacity.low"], says: null, language).ShouldBe(ExitCode.Done, _clone.Error.ToString());

        _clone.Problems().ShouldBeEmpty();
        _clone.Generate(check: true).ShouldBe(ExitCode.Done);
        _clone.Read($"services/weather/{file}").TrimEnd().Split('\n').Length.ShouldBeLessThan(20);
        _clone.Read("dapr/dapr.yaml").ShouldContain($"    command:\n      - {program}\n      - {file}\n");
        _clone.Read("components/embedded/pubsub.yaml").ShouldContain("weather=weather.capacity.noted,weather.dead");
        _clone.Read("HmsMesh.sln").ShouldNotContain("weather");
    }

    [Fact]
    public void New_InAnUnknownLanguage_NamesThoseThatThereAre() =>
        Should.Throw<MeshException>(() => NewCommand.Run(_context, "weather", ["afrh.capacity.low"], says: null, "pyton"))
            .Message.ShouldBe("--language knows no 'pyton' (did you mean 'python'?); it knows csharp, node, python.");

    [Fact]
    public void New_SeveralTopics_EachHasItsRecordAndItsHandler()
    {
        _clone.Service("claims", says: ["claim.approved", "claim.denied", "other.claim.denied"]);

        NewCommand.Run(_context, "weather", ["claim.*", "other.claim.denied", "claim.denied"], says: null).ShouldBe(ExitCode.Done);

        var program = _clone.Read("services/weather/Program.cs");
        program.ShouldContain("Hears<ClaimApproved>(\"claim.approved\"");
        program.ShouldContain("Hears<ClaimDenied>(\"claim.denied\"");
        program.ShouldContain("Hears<OtherClaimDenied>(\"other.claim.denied\"");
        _clone.Read("services/weather/OtherClaimDenied.cs").ShouldContain("record OtherClaimDenied(");
        _clone.Problems().ShouldBeEmpty();
    }

    [Fact]
    public void New_Record_HasTheFieldsThatAreAlwaysThereAndTheSubject()
    {
        _clone.Write("services/capacity/contracts/afrh.capacity.low.json", """
            {
              "$schema": "http://json-schema.org/draft-07/schema#",
              "title": "Event",
              "x-subject": "facility",
              "type": "object",
              "required": ["beds", "big", "part", "open", "list", "odd-field"],
              "properties": {
                "facility": {"type": "string"},
                "beds": {"type": "integer", "maximum": 1000},
                "big": {"type": "integer"},
                "part": {"type": "number"},
                "open": {"type": "boolean"},
                "list": {"type": "array"},
                "odd-field": {"type": "string"},
                "optional": {"type": "string"}
              },
              "examples": [{"beds": 1, "big": 2, "part": 0.5, "open": true, "list": [], "odd-field": ""}]
            }
            """);

        NewCommand.Run(_context, "weather", ["afrh.capacity.low"], says: null).ShouldBe(ExitCode.Done);

        _clone.Read("services/weather/CapacityLow.cs").ShouldContain(
            "record CapacityLow(string? Facility, int Beds, long Big, decimal Part, bool Open, System.Text.Json.JsonElement List);");
    }

    [Theory]
    [InlineData("Weather")]
    [InlineData("weather service")]
    [InlineData("-weather")]
    [InlineData("weather-")]
    [InlineData("1weather")]
    [InlineData("../weather")]
    [InlineData("")]
    [InlineData("kit")]
    [InlineData("mesh")]
    [InlineData("a-name-that-is-longer-than-what-a-label-of-dns-takes")]
    public void New_NameThatCannotBe_IsRefused(string name) => Refusal(name, ["afrh.capacity.low"]).ShouldContain("can be no service's name");

    [Theory]
    [InlineData("kit", "it means something else here, as do bin, contracts, dapr-sdk, mesh, obj, testing")]
    [InlineData("9x", "a letter first")]
    [InlineData("Weather", "lower-case letters")]
    public void New_NameThatCannotBe_IsToldWhy(string name, string why) => Refusal(name, ["afrh.capacity.low"]).ShouldContain(why);

    [Fact]
    public void New_NameThatIsTaken_IsRefused() => Refusal("capacity", ["afrh.capacity.low"]).ShouldContain("services/capacity is there already");

    [Fact]
    public void New_TopicThatNobodySays_NamesTheNearest() =>
        Refusal("weather", ["afrh.capacity.lo"]).ShouldBe("no service says afrh.capacity.lo (did you mean 'afrh.capacity.low'?); there is afrh.capacity.low.");

    [Fact]
    public void New_TopicThatIsNone_IsRefused() => Refusal("weather", ["afrh capacity"]).ShouldContain("is neither a topic nor topics by a *");

    [Theory]
    [InlineData("weather.alert", "ends with no verb")]
    [InlineData("Weather.Raised", "is no topic that can be said")]
    [InlineData("afrh.capacity.low", "ends with no verb")]
    [InlineData("weather.dead", "is no topic that can be said")]
    public void New_TopicThatCannotBeSaid_IsRefused(string says, string message) => Refusal("weather", ["afrh.capacity.low"], says).ShouldContain(message);

    [Fact]
    public void New_TopicOfAnotherService_IsRefused()
    {
        _clone.Service("claims", says: ["claim.approved"]);

        Refusal("weather", ["afrh.capacity.low"], "claim.approved").ShouldBe("claim.approved is said by claims already; a topic is one service's.");
    }

    [Fact]
    public void New_MeshWithAFault_MakesNothing()
    {
        _clone.Change("services/capacity/asyncapi.yaml", "action: send", "action: shout");

        Refusal("weather", ["afrh.capacity.low"]).ShouldContain("mend them first");

        _clone.Error.ToString().ShouldContain("neither sends nor receives");
        Directory.Exists(Path.Combine(_clone.Root, "services/weather")).ShouldBeFalse();
    }

    [Fact]
    public void Solution_Project_IsAddedOnceUnderItsFolderInAllConfigurations()
    {
        var path = Path.Combine(_clone.Root, "HmsMesh.sln");
        for (var time = 0; time < 2; time++)
        {
            var solution = new SolutionFile(path);
            solution.Add("tests", "weather", "HmsMesh.Weather.Tests", "tests/weather/HmsMesh.Weather.Tests.csproj");
            solution.Save();
        }

        var lines = File.ReadAllText(path).Split('\n').Select(line => line.Trim()).ToList();
        var project = lines.Single(line => line.Contains("\"tests\\weather\\HmsMesh.Weather.Tests.csproj\"", StringComparison.Ordinal))[^39..^1];
        lines.Count(line => line.StartsWith(project + ".", StringComparison.Ordinal)).ShouldBe(12);
        var folder = lines.Single(line => line.StartsWith(project + " = ", StringComparison.Ordinal)).Split(" = ")[1];
        var parent = lines.Single(line => line.StartsWith(folder + " = ", StringComparison.Ordinal)).Split(" = ")[1];
        lines.ShouldContain($"Project(\"{{2150E333-8FDC-42A3-9474-1A3956D46DE8}}\") = \"tests\", \"tests\", \"{parent}\"");
    }

    private string Refusal(string name, string[] hears, string? says = null)
    {
        var files = Directory.GetFiles(_clone.Root, "*", SearchOption.AllDirectories);

        var refused = Should.Throw<MeshException>(() => NewCommand.Run(_context, name, hears, says));

        refused.ExitCode.ShouldBe(ExitCode.Usage);
        Directory.GetFiles(_clone.Root, "*", SearchOption.AllDirectories).ShouldBe(files, ignoreOrder: true);
        return refused.Message;
    }
}
