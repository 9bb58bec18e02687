using System.Text.Json;
using HmsMesh.Sidecar.Cel;

namespace HmsMesh.Sidecar.Tests.Cel;

public class CelLimitTests
{
    [Fact]
    public void TryParse_TooLong_IsRefused() => Problem("true" + new string(' ', CelLimits.MaxLength)).ShouldContain("longer than");

    [Theory]
    [InlineData("(", "true", ")")]
    [InlineData("[", "", "]")]
    [InlineData("!", "true", "")]
    [InlineData("-", "1", "")]
    [InlineData("dyn(", "true", ")")]
    [InlineData("true ? true : ", "true", "")]
    [InlineData("", "event", ".a")]
    [InlineData("", "event", "[0]")]
    [InlineData("", "1", " + 1")]
    [InlineData("{'a': ", "1", "}")]
    public void TryParse_TooDeep_IsRefusedWithoutACrash(string before, string core, string after)
    {
        var deep = string.Concat(Enumerable.Repeat(before, 3_000)) + core + string.Concat(Enumerable.Repeat(after, 3_000));
        Problem(deep).ShouldContain("nested deeper than");
        var within = string.Concat(Enumerable.Repeat(before, 24)) + core + string.Concat(Enumerable.Repeat(after, 24));
        CelExpression.Compile(within, "event").ShouldNotBeNull();
    }

    [Fact]
    public void TryParse_ManyTerms_AreNoDepth()
    {
        var any = string.Join(" || ", Enumerable.Range(0, 2_000).Select(i => $"event.n == {i}"));
        CelExpression.TryParse(any, out var expression, out var problem).ShouldBeTrue(problem);
        using var envelope = JsonDocument.Parse("""{"n":1999}""");
        expression!.TryMatch(envelope.RootElement, out var matches, out _).ShouldBeTrue();
        matches.ShouldBeTrue();
    }

    [Fact]
    public void TryParse_TooManyParts_IsRefused() => Problem($"event.a in [{string.Join(',', Enumerable.Repeat("1", 30_000))}]").ShouldContain("parts");

    [Fact]
    public void TryMatch_TooCostly_EndsInAnErrorThatNothingAbsorbs()
    {
        var ten = "[0,1,2,3,4,5,6,7,8,9]";
        var nested = $"{ten}.all(a, {ten}.all(b, {ten}.all(c, {ten}.all(d, {ten}.all(e, {ten}.all(f, {ten}.all(g, a + b + c + d + e + f + g >= 0)))))))";
        foreach (var rule in new[] { nested, $"{nested} || true", $"true && ({nested} || true)", $"[1].exists(x, {nested}) || true" })
        {
            CelExpression.TryParse(rule, out var expression, out var problem).ShouldBeTrue(problem);
            expression!.TryMatch(default(JsonElement), out _, out problem).ShouldBeFalse();
            problem.ShouldNotBeNull().ShouldContain("steps");
        }
    }

    [Fact]
    public void TryMatch_LongTexts_CostByTheirLength()
    {
        using var envelope = JsonDocument.Parse($$"""{"t":"{{new string('a', 1_000_000)}}","n":[{{string.Join(',', Enumerable.Range(0, 1_000))}}]}""");
        CelExpression.TryParse("event.n.all(x, event.t.contains('b') == false)", out var expression, out _).ShouldBeTrue();
        expression!.TryMatch(envelope.RootElement, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNull().ShouldContain("steps");
    }

    [Fact]
    public void TryMatch_PatternThatKillsBacktracking_IsQuick()
    {
        using var envelope = JsonDocument.Parse($$"""{"t":"{{new string('a', 50_000)}}!"}""");
        CelExpression.TryParse("event.t.matches('^(a+)+$')", out var expression, out _).ShouldBeTrue();
        expression!.TryMatch(envelope.RootElement, out var matches, out var problem).ShouldBeTrue(problem);
        matches.ShouldBeFalse();
    }

    [Fact]
    public void TryParse_PatternTooLong_IsRefused() => Problem($"event.t.matches('{new string('a', 1_001)}')").ShouldContain("longer than");

    private static string Problem(string text)
    {
        CelExpression.TryParse(text, out var expression, out var problem).ShouldBeFalse();
        expression.ShouldBeNull();
        return problem.ShouldNotBeNull();
    }
}
