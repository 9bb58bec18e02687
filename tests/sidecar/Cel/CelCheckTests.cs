using HmsMesh.Sidecar.Cel;

namespace HmsMesh.Sidecar.Tests.Cel;

public class CelCheckTests
{
    [Theory]
    [InlineData("", "line 1, column 1")]
    [InlineData("event.type ===", "line 1, column 14")]
    [InlineData("event.type == 'a' &&\n  )", "line 2, column 3")]
    [InlineData("event..type", "line 1, column 7")]
    [InlineData("(event.a", "')' expected")]
    [InlineData("[1, 2", "',' expected, not the end")]
    [InlineData("{'a' 1}", "':' expected")]
    [InlineData("size(1,)", "unexpected ')'")]
    [InlineData("true ? 1", "':' expected")]
    [InlineData("'abc", "does not end")]
    [InlineData("'''abc''", "does not end")]
    [InlineData("'a\nb'", "line break")]
    [InlineData(@"'\s'", "escape")]
    [InlineData(@"'\x4'", "2 digits")]
    [InlineData(@"'\400'", "escape")]
    [InlineData(@"'\uD83D\uDE03'", "no Unicode character")]
    [InlineData(@"'\U00110000'", "no Unicode character")]
    [InlineData(@"b'\u0041'", "escape")]
    [InlineData("rb'a'", "unexpected string")]
    [InlineData("9223372036854775808", "out of the range of int")]
    [InlineData("-9223372036854775809", "out of the range of int")]
    [InlineData("18446744073709551616u", "out of the range of uint")]
    [InlineData("1e999", "out of the range of double")]
    [InlineData("0x", "hexadecimal")]
    [InlineData("12abc", "after a number")]
    [InlineData("event.a # event.b", "'#'")]
    [InlineData("event.a = 1", "'='")]
    [InlineData("event.a & event.b", "'&'")]
    [InlineData("while", "reserved word")]
    [InlineData("event.in", "unexpected 'in'")]
    [InlineData("in", "unexpected 'in'")]
    [InlineData("!-event.a", "unexpected 'event'")]
    [InlineData("has(event)", "takes a field")]
    [InlineData("has(event['a'])", "takes a field")]
    [InlineData("[1].all(1, true)", "a name for the element")]
    [InlineData("[1].all(.x, true)", "a name for the element")]
    [InlineData("Foo{a: 1} == event", "not supported")]
    [InlineData("google.type.Money{} == event", "not supported")]
    public void TryParse_NotCel_SaysWhere(string text, string problem) => Refused(text, problem);

    [Theory]
    [InlineData("type == 'a'", "no overload")]
    [InlineData("evnt.type == 'a'", "undeclared name 'evnt'")]
    [InlineData("[1].all(x, y > 0)", "undeclared name 'y'")]
    [InlineData("[1].all(x, true) && x > 0", "undeclared name 'x'")]
    [InlineData("[1].all(x, .x > 0)", "undeclared name 'x'")]
    [InlineData("upper(event.type) == 'A'", "undeclared function 'upper'")]
    [InlineData("event.type.upper() == 'A'", "undeclared function 'upper'")]
    [InlineData("[1].all(x)", "undeclared function 'all'")]
    [InlineData("size(event, 1) == 1", "no overload of 'size'")]
    [InlineData("startsWith('a', 'b')", "no overload of 'startsWith'")]
    [InlineData("'a'.startsWith(1)", "no overload of 'startsWith' takes (int) on string")]
    [InlineData("1 == 1.0", "no overload of '_==_' takes (int, double)")]
    [InlineData("1 == 1u", "no overload")]
    [InlineData("1 + 1.0 == event.a", "no overload of '_+_'")]
    [InlineData("'a' < 1", "no overload")]
    [InlineData("1 in [1.0]", "no overload of '_in_'")]
    [InlineData("[1]['a'] == 1", "no overload of '_[_]'")]
    [InlineData("1 && true", "takes bool, not int")]
    [InlineData("true || 'a'", "takes bool, not string")]
    [InlineData("!1", "no overload of '!_'")]
    [InlineData("-'a' == event.a", "no overload of '-_'")]
    [InlineData("1 ? true : false", "a condition is bool, not int")]
    [InlineData("event.a ? 1 : 'a'", "need one type")]
    [InlineData("'a'.b == 1", "string has no fields")]
    [InlineData("'a'.all(x, true)", "no list and no map")]
    [InlineData("[1].all(x, x)", "a predicate is bool, not int")]
    [InlineData("[1].map(x, x.y)", "int has no fields")]
    [InlineData("{1.5: 1} == event.a", "key is int, uint, bool or string")]
    [InlineData("'abc'", "a condition is bool, and this is string")]
    [InlineData("[1].filter(x, x > 1)", "this is list(int)")]
    [InlineData("event.a.matches('(')", "regular expression")]
    [InlineData("event.a.matches('(?=a)')", "RE2 does not have")]
    [InlineData(@"event.a.matches(r'(a)\1')", "regular expression")]
    public void TryParse_CanNeverWork_IsRefusedAtLoad(string text, string problem) => Refused(text, problem);

    [Theory]
    [InlineData("event")]
    [InlineData("event.a == 1 && event.b == 'x'")]
    [InlineData("event.a in [1, 2.0, 'x']")]
    [InlineData("[1].exists(x, x == event.a)")]
    [InlineData("timestamp(event.time) > timestamp('2026-01-01T00:00:00Z') || event.x")]
    [InlineData("event.time == null")]
    [InlineData("timestamp(0) == null")]
    [InlineData("[].all(x, x.y == 'z')")]
    [InlineData("event.package.while == 1")]
    public void TryParse_KnownAtRunTimeOnly_IsTaken(string text)
    {
        CelExpression.TryParse(text, out var expression, out var problem).ShouldBeTrue(problem);
        expression!.Text.ShouldBe(text);
    }

    [Fact]
    public void TryMatch_VariablesOfABreaker_AreWholeNumbers()
    {
        CelExpression.TryParse("consecutiveFailures > 3 && requests >= 4", ["requests", "consecutiveFailures"], out var trip, out var problem).ShouldBeTrue(problem);
        trip!.TryMatch([4L, 4L], out var trips, out _).ShouldBeTrue();
        trips.ShouldBeTrue();
        trip.TryMatch([4L, 3L], out trips, out _).ShouldBeTrue();
        trips.ShouldBeFalse();
    }

    private static void Refused(string text, string expected)
    {
        CelExpression.TryParse(text, out var expression, out var problem).ShouldBeFalse();
        expression.ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain(expected);
        problem.ShouldStartWith("line ");
    }
}
