using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HmsMesh.Contracts;

namespace HmsMesh.Kit.Tests;

public class ContractTests
{
    private static readonly Contract Approved = Load(
        """
        {
          "$schema": "http://json-schema.org/draft-07/schema#", "title": "A claim was approved", "type": "object", "x-subject": "claimId",
          "required": ["claimId", "amount"], "additionalProperties": false,
          "definitions": { "line": { "type": "object", "required": ["a.b"], "properties": { "a.b": { "type": "integer" }, "next": { "$ref": "#/definitions/line" } } } },
          "properties": {
            "claimId": { "type": "string", "format": "uuid" }, "amount": { "type": "number", "minimum": 1, "multipleOf": 0.01 },
            "kind": { "const": "first" }, "when": { "type": "string", "format": "date-time" },
            "count": { "type": "integer" }, "lines": { "type": "array", "items": { "$ref": "#/definitions/line" } },
            "a/b~c": { "type": "boolean" }, "either": { "oneOf": [{ "type": "string" }, { "type": "integer" }] }
          },
          "examples": [{ "claimId": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "amount": 600 }]
        }
        """);

    [Theory]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":1.07}""")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":1e2,"count":4.0,"kind":"first"}""")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":79228162514264337593543.01}""")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"when":"2026-01-02T03:04:05.123456Z","lines":[{"a.b":1,"next":{"a.b":2}}]}""")]
    public void Check_Valid_IsValid(string payload) => Check(payload).Faults.ShouldBeEmpty();

    [Theory]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301"}""", "/amount", "is required")]
    [InlineData("""{"claimId":"x","amount":600}""", "/claimId", "must be a uuid")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":0.99}""", "/amount", "must be at least 1")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600.001}""", "/amount", "must be a multiple of 0.01")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":"600"}""", "/amount", "must be a number")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":null}""", "/amount", "must be a number")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"extra":1}""", "/extra", "is not in the contract")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"kind":"second"}""", "/kind", "must be one of first")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"count":4.5}""", "/count", "must be an integer")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"when":"2026-01-02"}""", "/when", "must be a date-time")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"lines":[{"a.b":1},{"a.b":"x"}]}""", "/lines/1/a.b", "must be an integer")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"lines":[{"a.b":1,"next":{"a.b":"x"}}]}""", "/lines/0/next/a.b", "must be an integer")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"lines":[{"a.b":1,"next":{}}]}""", "/lines/0/next/a.b", "is required")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"a/b~c":1}""", "/a~1b~0c", "must be true or false")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,"either":true}""", "/either", "must fit exactly one of the allowed forms")]
    [InlineData("[]", "", "must be an object")]
    public void Check_Broken_NamesThePlaceAndTheFault(string payload, string pointer, string message)
    {
        var fault = Check(payload).Faults[0];
        fault.Pointer.ShouldBe(pointer);
        fault.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("{'claimId':'3f2504e0-4f89-41d3-9a0c-0305e82c3301','amount':600}")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600} trailing""")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600}{}""")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":600,}""")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301",/* */"amount":600}""")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":1,"amount":600}""")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":NaN}""")]
    [InlineData("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":06}""")]
    [InlineData("")]
    public void Check_NotStrictJson_SaysSo(string payload) => Check(payload).Faults.ShouldHaveSingleItem().Message.ShouldStartWith("not JSON");

    [Fact]
    public void Check_EveryCentUpToAThousandDollars_IsValid()
    {
        for (var cents = 100; cents <= 100_000; cents++)
        {
            var text = (cents / 100m).ToString(CultureInfo.InvariantCulture);
            using var document = JsonDocument.Parse($$"""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":{{text}}}""");
            Approved.Check(document.RootElement).IsValid.ShouldBeTrue(text);
        }
    }

    [Fact]
    public void Check_SizeAndDepth_AreLimited()
    {
        Check($$"""{"claimId":"{{new string('x', ContractLimits.DataBytes)}}"}""").Faults.ShouldHaveSingleItem().Message.ShouldContain("document service");
        Check(new string('[', 100) + new string(']', 100)).Faults.ShouldHaveSingleItem().Message.ShouldStartWith("not JSON");
    }

    [Fact]
    public async Task Check_ManyThreads_AgreeAndAreFast()
    {
        var good = Encoding.UTF8.GetBytes("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":1.07,"lines":[{"a.b":1}]}""");
        var bad = Encoding.UTF8.GetBytes("""{"claimId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","amount":1.071,"lines":[{"a.b":"x"}]}""");
        await Parallel.ForAsync(0, 4000, (_, _) =>
        {
            Approved.Check(good).IsValid.ShouldBeTrue();
            Approved.Check(bad).Faults.Select(f => f.Pointer).ShouldBe(["/amount", "/lines/0/a.b"]);
            return ValueTask.CompletedTask;
        });

        var fastest = Enumerable.Range(0, 20).Min(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < 100; i++)
            {
                Approved.Check(good);
            }

            return Stopwatch.GetElapsedTime(start).TotalMilliseconds / 100;
        });
        fastest.ShouldBeLessThan(1);
    }

    [Theory]
    [InlineData("""{"type":"object","if":{},"examples":[{}]}""", "/if", "not enforced")]
    [InlineData("""{"type":"object","properties":{"a":{"contains":{}}},"examples":[{}]}""", "/properties/a/contains", "not enforced")]
    [InlineData("""{"properties":{"a":{"format":"color"}},"examples":[{}]}""", "/properties/a/format", "not enforced")]
    [InlineData("""{"type":"objekt","examples":[{}]}""", "/type", "no type")]
    [InlineData("""{"properties":{"a":{"$ref":"https://example.com/x.json"}},"examples":[{}]}""", "/properties/a/$ref", "stays in its file")]
    [InlineData("""{"properties":{"a":{"$ref":"#/definitions/b"}},"examples":[{}]}""", "/properties/a/$ref", "not there")]
    [InlineData("""{"type":"object","required":["a"],"examples":[{"a":1},{}]}""", "/examples/1/a", "breaks the contract")]
    [InlineData("""{"type":"object"}""", "/examples", "at least one example")]
    [InlineData("""{"type":"object",}""", "", "not JSON")]
    [InlineData("""[]""", "", "a schema is an object")]
    public void Load_NoContract_NamesThePlace(string schema, string pointer, string message)
    {
        var thrown = Should.Throw<ContractException>(() => Load(schema));
        thrown.Faults.ShouldHaveSingleItem().Pointer.ShouldBe(pointer);
        thrown.Message.ShouldContain(message);
        thrown.Message.ShouldContain("claim.approved");
    }

    [Fact]
    public void SubjectOf_FieldOfXSubject_IsTheSubject()
    {
        using var with = JsonDocument.Parse("""{"claimId":"7"}""");
        using var without = JsonDocument.Parse("{}");

        Approved.SubjectOf(with.RootElement).ShouldBe("7");
        Approved.SubjectOf(without.RootElement).ShouldBeNull();
    }

    [Fact]
    public void FromAssembly_EmbeddedContracts_AreFound()
    {
        var book = ContractBook.FromAssembly(typeof(ContractTests).Assembly);

        book.Topics.ShouldBe(["beds.low", "shift.scheduled"], ignoreOrder: true);
        book.TryGet("beds.low", out var contract).ShouldBeTrue();
        contract.Examples.Count.ShouldBe(2);
        book.TryGet("beds.high", out _).ShouldBeFalse();
    }

    private static ContractResult Check(string payload) => Approved.Check(Encoding.UTF8.GetBytes(payload));

    private static Contract Load(string schema) => Contract.Load("claim.approved", Encoding.UTF8.GetBytes(schema));
}
