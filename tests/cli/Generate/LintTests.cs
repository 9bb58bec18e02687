using HmsMesh.Cli.Generate.Lints;
using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Tests.Generate;

public sealed class LintTests : IDisposable
{
    private const string LowContract = "services/capacity/contracts/afrh.capacity.low.json";
    private readonly TestClone _clone = TestClone.OfTwo();

    public void Dispose() => _clone.Dispose();

    [Fact]
    public void Clone_AsItIs_HasNoProblem() => _clone.Problems().ShouldBeEmpty();

    [Theory]
    [InlineData("claim.approved")]
    [InlineData("payment.sent")]
    [InlineData("permit.issue")]
    [InlineData("permit.issued.v2")]
    [InlineData("agency.census.received")]
    [InlineData("document.stored")]
    [InlineData("staffing.shift.scheduled")]
    [InlineData("supply.shipment.diverted")]
    [InlineData("notification.send")]
    [InlineData("card.re-issued")]
    public void TopicVerb_NameWithVerb_Passes(string topic) => TopicVerbLint.HoldsVerb(topic).ShouldBeTrue();

    [Theory]
    [InlineData("afrh.capacity.low")]
    [InlineData("census.release.2024")]
    [InlineData("claim.status")]
    [InlineData("approved.claim")]
    [InlineData("garden.seed")]
    [InlineData("dormitory.bed")]
    [InlineData("claim.v2")]
    public void TopicVerb_NameWithoutVerb_IsNone(string topic) => TopicVerbLint.HoldsVerb(topic).ShouldBeFalse();

    [Fact]
    public void TopicVerb_NameWithoutVerb_IsAFaultUntilItIsAnException()
    {
        _clone.Service("claims", says: ["claim.status"]);
        var problem = _clone.Problems().ShouldHaveSingleItem();
        problem.File.ShouldBe("services/claims/asyncapi.yaml");
        _clone.Read(problem.File).Split('\n')[problem.Line - 1].ShouldContain("claim.status");
        problem.ToString().ShouldContain("such as claim.approved");

        _clone.Write("services/lint-exceptions.yaml", _clone.Read("services/lint-exceptions.yaml") + "  - {lint: topic-verb, topic: claim.status, reason: Given.}\n");

        _clone.Problems().ShouldBeEmpty();
    }

    [Fact]
    public void Exception_WithoutReason_IsAFault()
    {
        _clone.Write("services/lint-exceptions.yaml", "exceptions:\n  - lint: topic-verb\n    topic: afrh.capacity.low\n");

        var problems = _clone.Problems();

        problems.ShouldContain(p => p.File == "services/lint-exceptions.yaml" && p.Line == 2 && p.Message.Contains("gives no reason"));
        problems.ShouldContain(p => p.Lint == TopicVerbLint.Name);
    }

    [Fact]
    public void Exception_OfAnotherLint_IsAFault()
    {
        _clone.Write("services/lint-exceptions.yaml", "exceptions:\n  - {lint: retry-budget, topic: a.b, reason: none}\n");

        _clone.Problems().ShouldContain(p => p.Message.Contains("'retry-budget' is no lint that has exceptions"));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("firstName")]
    [InlineData("last_name")]
    [InlineData("surname")]
    [InlineData("citizenName")]
    [InlineData("email")]
    [InlineData("contactEMail")]
    [InlineData("e-mail")]
    [InlineData("mailTo")]
    [InlineData("SSN")]
    [InlineData("citizenSSN")]
    [InlineData("socialSecurityNumber")]
    [InlineData("birthDate")]
    [InlineData("dateofbirth")]
    [InlineData("DOB")]
    [InlineData("phone")]
    [InlineData("phonenumber")]
    [InlineData("homeAddress")]
    [InlineData("street")]
    [InlineData("zipCode")]
    [InlineData("bankAccount")]
    [InlineData("accountnumber")]
    [InlineData("iban")]
    [InlineData("routingNumber")]
    public void PersonalField_Personal_Looks(string field) => PersonalFieldLint.LooksPersonal(field).ShouldBeTrue();

    [Theory]
    [InlineData("bedsFree")]
    [InlineData("facility")]
    [InlineData("ts")]
    [InlineData("claimId")]
    [InlineData("citizen")]
    [InlineData("amount")]
    [InlineData("shiftId")]
    [InlineData("nurses")]
    [InlineData("meals")]
    [InlineData("filename")]
    [InlineData("zipped")]
    [InlineData("checksum")]
    [InlineData("url")]
    public void PersonalField_Other_DoesNot(string field) => PersonalFieldLint.LooksPersonal(field).ShouldBeFalse();

    [Fact]
    public void PersonalField_DeepInAContract_IsAFaultUntilItsPointerIsAnException()
    {
        _clone.Write(LowContract, TestClone.Contract(
            "\"rooms\": {\"type\": \"array\", \"items\": {\"anyOf\": [{\"type\": \"object\", \"properties\": {\"siteName\": {\"type\": \"string\"}}}]}}", "{}"));

        var problem = _clone.Problems().ShouldHaveSingleItem();

        problem.Lint.ShouldBe(PersonalFieldLint.Name);
        problem.File.ShouldBe(LowContract);
        problem.Pointer.ShouldBe("/properties/rooms/items/anyOf/0/properties/siteName");
        problem.Line.ShouldBe(8);
        _clone.Write("services/lint-exceptions.yaml", $$"""
            {{_clone.Read("services/lint-exceptions.yaml").TrimEnd()}}
              - {lint: personal-field, topic: afrh.capacity.low, field: {{problem.Pointer}}, reason: A site is no person.}
            """);
        _clone.Problems().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"if": {"type": "string"}}""", "/properties/field/if", "uses 'if'")]
    [InlineData("""{"contains": {"type": "string"}}""", "/properties/field/contains", "uses 'contains'")]
    [InlineData("""{"dependencies": {"a": ["b"]}}""", "/properties/field/dependencies", "uses 'dependencies'")]
    [InlineData("""{"propertyNames": {"maxLength": 3}}""", "/properties/field/propertyNames", "uses 'propertyNames'")]
    [InlineData("""{"unevaluatedProperties": false}""", "/properties/field/unevaluatedProperties", "uses 'unevaluatedProperties'")]
    [InlineData("""{"additionalProperties": false}""", "/properties/field/additionalProperties", "refuses fields that are added later")]
    [InlineData("""{"$ref": "other.json"}""", "/properties/field/$ref", "refers to another file")]
    [InlineData("""{"format": "email"}""", "/properties/field/format", "is not checked")]
    [InlineData("""{"items": [{"type": "string"}]}""", "/properties/field/items", "is no schema object")]
    [InlineData("""{"type": "text"}""", "/properties/field/type", "cannot be used")]
    public void Contract_KeywordThatIsNotEnforced_IsAFaultAtItsPlace(string field, string pointer, string message)
    {
        _clone.Write(LowContract, TestClone.Contract($"\"field\": {field}", "{}"));

        var problem = _clone.Problems().ShouldHaveSingleItem();

        problem.Pointer.ShouldBe(pointer);
        problem.Message.ShouldContain(message);
        problem.Line.ShouldBe(8);
    }

    [Theory]
    [InlineData("\"examples\": [{\"bedsFree\": 4}]", "\"examples\": [{\"bedsFree\": \"four\"}]", "/examples/0/bedsFree", "must be an integer")]
    [InlineData("\"examples\": [{\"bedsFree\": 4}]", "\"examples\": []", "/examples", "at least one example")]
    [InlineData("\"x-subject\": \"facility\",", "\"x-subject\": \"facilty\",", "/x-subject", "none of its properties")]
    [InlineData("\"x-subject\": \"facility\",", "", "", "names no subject")]
    [InlineData("\"title\": \"Event\",", "", "/title", "has no title")]
    [InlineData("draft-07", "2020-12", "/$schema", "draft 7")]
    [InlineData("\"title\": \"Event\",", "\"title\": \"Event\" \"x\",", "", "is not JSON")]
    [InlineData("\"title\": \"Event\",", "\"title\": \"Event\", \"title\": \"Twice\",", "", "is not JSON")]
    public void Contract_Faulty_IsNamedWithItsPlace(string old, string now, string pointer, string message)
    {
        _clone.Change(LowContract, old, now);

        var problem = _clone.Problems().ShouldHaveSingleItem();

        problem.File.ShouldBe(LowContract);
        problem.Pointer.ShouldBe(pointer);
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void Contract_Missing_IsAFaultOfTheServiceThatSaysIt()
    {
        File.Delete(Path.Combine(_clone.Root, LowContract));

        _clone.Problems().ShouldHaveSingleItem().ToString().ShouldContain($"afrh.capacity.low has no contract; write {LowContract}");
    }

    [Fact]
    public void Contract_OfATopicThatNobodySays_IsAFault()
    {
        _clone.Write("services/staffing/contracts/staffing.shift.scheduled.json", TestClone.Contract());

        _clone.Problems().ShouldHaveSingleItem().Message.ShouldBe("is the contract of a topic that nobody says");
    }

    [Fact]
    public void Topic_SaidTwice_IsAFaultThatNamesBoth()
    {
        _clone.Service("claims", says: ["claim.approved"]);
        _clone.Service("permits", says: ["claim.approved"]);

        var problem = _clone.Problems().ShouldHaveSingleItem();

        problem.File.ShouldBe("services/permits/asyncapi.yaml");
        problem.Message.ShouldContain("permits says claim.approved, which claims says already (services/claims/asyncapi.yaml:");
    }

    [Fact]
    public void Hears_PatternThatNobodySays_IsAFault()
    {
        _clone.Service("journey", hears: ["permit.*"]);

        _clone.Problems().ShouldHaveSingleItem().Message.ShouldBe("journey hears permit.*, which no service says");
    }

    [Fact]
    public void Hears_ChannelThatIsNotThere_IsAFaultAtTheReference()
    {
        _clone.Service("journey", hears: ["capacity:afrh.capacity.high"]);

        var problem = _clone.Problems().ShouldHaveSingleItem();

        problem.Message.ShouldContain("refers to '../capacity/asyncapi.yaml#/channels/afrh.capacity.high', which is not there");
        problem.Pointer.ShouldBe("/channels/afrh.capacity.high/$ref");
    }

    [Fact]
    public void Hears_AnothersTopicDescribedHere_IsAFault()
    {
        _clone.Service("journey", hears: ["afrh.capacity.low"]);

        _clone.Problems().ShouldHaveSingleItem().Message.ShouldBe("describes afrh.capacity.low, which is another service's");
    }

    [Fact]
    public void Hears_PatternThatListsMessages_MustListAll()
    {
        _clone.Service("capacity", says: ["afrh.capacity.low", "afrh.capacity.restored"]);
        _clone.Service("journey", hears: ["afrh.capacity.*"]);
        _clone.Problems().ShouldBeEmpty();
        _clone.Change("services/journey/asyncapi.yaml", "    address: 'afrh.capacity.*'", """
                address: 'afrh.capacity.*'
                messages:
                  low: {$ref: '../capacity/asyncapi.yaml#/channels/afrh.capacity.low/messages/event'}
            """);

        _clone.Problems().ShouldHaveSingleItem().Message.ShouldBe(
            "lists messages, but not that of afrh.capacity.restored, for which afrh.capacity.* stands too");
    }

    [Fact]
    public void Ports_InCommon_AreAFault()
    {
        _clone.Change("services/staffing/asyncapi.yaml", "appPort: 7002", "appPort: 8001");

        _clone.Problems().ShouldHaveSingleItem().Message.ShouldBe("port 8001 is capacity's already");
    }

    [Theory]
    [InlineData("asyncapi: 3.0.0", "asyncapi: 2.6.0", "/asyncapi is not AsyncAPI 3")]
    [InlineData("title: capacity", "title: other", "is not the app id 'capacity'")]
    [InlineData("appPort: 7001", "appPort: 80", "is no port from 1024 to 32767")]
    [InlineData("action: send", "action: shout", "neither sends nor receives")]
    [InlineData("address: afrh.capacity.low", "address: Afrh.Capacity", "is no topic that can be said")]
    [InlineData("address: afrh.capacity.low", "address: capacity.dead", "is no topic that can be said")]
    [InlineData("$ref: contracts/afrh.capacity.low.json", "$ref: other.json", "does not have one message with its contract as payload")]
    [InlineData("channels:", "channels: [", "is not YAML")]
    [InlineData("channels:", "info: {}\nchannels:", "is not YAML")]
    public void AsyncApi_Faulty_IsNamedWithItsPlace(string old, string now, string message)
    {
        _clone.Change("services/capacity/asyncapi.yaml", old, now);

        var problem = _clone.Problems()[0];

        problem.File.ShouldBe("services/capacity/asyncapi.yaml");
        problem.ToString().ShouldContain(message);
        problem.Line.ShouldBeGreaterThan(0);
    }
}
