using System.Text;
using HmsMesh.Cli.Generate.Lints;
using HmsMesh.Contracts;

namespace HmsMesh.Cli.Tests.Generate;

/// <summary>Every keyword that the lint lets pass is one that the services' validator enforces.</summary>
public class SchemaKeywordTests
{
    private static readonly string[] Notes = ["$schema", "$id", "$comment", "title", "description", "default", "examples", "readOnly", "writeOnly"];

    // Keyword or format, a schema that uses it, a value that keeps to it and one that does not.
    private static readonly (string Keyword, string Schema, string Good, string Bad)[] Cases =
    [
        ("type", """{"type": "integer"}""", "1", "\"1\""),
        ("type", """{"type": ["string", "null"]}""", "null", "1"),
        ("enum", """{"enum": ["a", 1]}""", "1", "2"),
        ("const", """{"const": "a"}""", "\"a\"", "\"b\""),
        ("required", """{"type": "object", "required": ["a"]}""", """{"a": 1}""", "{}"),
        ("pattern", """{"type": "string", "pattern": "^a+$"}""", "\"aa\"", "\"ab\""),
        ("minimum", """{"type": "number", "minimum": 2}""", "2", "1.9"),
        ("maximum", """{"type": "number", "maximum": 2}""", "2", "2.1"),
        ("exclusiveMinimum", """{"type": "number", "exclusiveMinimum": 2}""", "2.1", "2"),
        ("exclusiveMaximum", """{"type": "number", "exclusiveMaximum": 2}""", "1.9", "2"),
        ("multipleOf", """{"type": "number", "multipleOf": 0.01}""", "599.99", "599.999"),
        ("minLength", """{"type": "string", "minLength": 2}""", "\"ab\"", "\"a\""),
        ("maxLength", """{"type": "string", "maxLength": 1}""", "\"a\"", "\"ab\""),
        ("minItems", """{"type": "array", "minItems": 1}""", "[1]", "[]"),
        ("maxItems", """{"type": "array", "maxItems": 1}""", "[1]", "[1, 2]"),
        ("uniqueItems", """{"type": "array", "uniqueItems": true}""", "[1, 2]", "[1, 1]"),
        ("minProperties", """{"type": "object", "minProperties": 1}""", """{"a": 1}""", "{}"),
        ("maxProperties", """{"type": "object", "maxProperties": 1}""", """{"a": 1}""", """{"a": 1, "b": 2}"""),
        ("items", """{"type": "array", "items": {"type": "string"}}""", "[\"a\"]", "[1]"),
        ("additionalProperties", """{"type": "object", "additionalProperties": {"type": "string"}}""", """{"a": "b"}""", """{"a": 1}"""),
        ("not", """{"not": {"type": "string"}}""", "1", "\"a\""),
        ("allOf", """{"allOf": [{"type": "integer"}, {"minimum": 2}]}""", "2", "1"),
        ("anyOf", """{"anyOf": [{"type": "string"}, {"type": "null"}]}""", "null", "1"),
        ("oneOf", """{"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 5}]}""", "5.5", "6"),
        ("properties", """{"type": "object", "properties": {"a": {"type": "string"}}}""", """{"a": "b"}""", """{"a": 1}"""),
        ("patternProperties", """{"type": "object", "patternProperties": {"^x": {"type": "string"}}}""", """{"x1": "b"}""", """{"x1": 1}"""),
        ("definitions", """{"$ref": "#/definitions/short"}""", "\"a\"", "\"ab\""),
        ("$ref", """{"$ref": "#/definitions/short"}""", "\"a\"", "1"),
        ("date-time", Format("date-time"), "\"2026-01-31T10:00:00.5Z\"", "\"2026-01-31 10 o'clock\""),
        ("format", Format("date-time"), "\"2026-01-31T10:00:00Z\"", "\"soon\""),
    ];

    public static TheoryData<string, string, string, string> Enforced => [.. Cases];

    [Theory]
    [MemberData(nameof(Enforced))]
    public void Contract_Keyword_IsEnforced(string keyword, string schema, string good, string bad)
    {
        keyword.ShouldNotBeEmpty();
        var contract = Contract.Load("test.field.checked", Encoding.UTF8.GetBytes($$$"""
            {
              "type": "object",
              "definitions": {"short": {"type": "string", "maxLength": 1}},
              "properties": {"value": {{{schema}}}},
              "examples": [{"value": {{{good}}}}]
            }
            """));

        var result = contract.Check(Encoding.UTF8.GetBytes($"{{\"value\": {bad}}}"));

        result.IsValid.ShouldBeFalse();
        result.Faults[0].Pointer.ShouldStartWith("/value");
    }

    [Fact]
    public void Lint_LetsPass_WhatIsTestedHereAndNotesOnly() =>
        SchemaKeywords.Leaves.Concat(SchemaKeywords.Schemas).Concat(SchemaKeywords.SchemaLists).Concat(SchemaKeywords.SchemaMaps)
            .Concat(SchemaKeywords.Formats).Except(Notes)
            .ShouldBe(Cases.Select(c => c.Keyword).Distinct(), ignoreOrder: true);

    private static string Format(string name) => $$"""{"type": "string", "format": "{{name}}" }""";
}
