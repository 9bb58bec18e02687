using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using HmsMesh.Properties.Tests.Support;
using HmsMesh.Sidecar.Cel;

namespace HmsMesh.Properties.Tests.Cel;

public class CelProperties
{
    private static readonly string[] Words =
    [
        "event", ".", "type", "==", "!=", "<", ">=", " in ", "&&", "||", "!", "-", "+", "*", "/", "%", "?", ":", "(", ")", "[", "]", "{", "}", ",", "1", "2u", "3.5", "'a'", "b'c'", "r'\\d'",
        "'''", "null", "true", "has", "all", "exists", "map", "filter", "x", "size", "matches", "timestamp", "duration", "int", "string", " ", "\n", "//", "\\", "'", "\"", "0x", "1e", "data",
        "event.data.list.map(x, x)", "event.data.list.exists(x, x == 1.0)", "event.type.matches('a+')", "9223372036854775807", "int('x')", "timestamp('2026-01-01T00:00:00Z')",
    ];

    private static readonly Gen<string> Rules = Gen.Frequency(
        (5, Gen.Choose(1, 30).SelectMany(static count => Gen.Elements(Words).ListOf(count)).Select(string.Concat)),
        (3, CelTrees.Bools(3).SelectMany(static tree => Texts.Mutated(Gen.Constant(tree.Text))).Select(Encoding.UTF8.GetString)),
        (1, Texts.Any),
        (1, from open in Gen.Elements("(", "[", "{", "!", "-", "a.", "f(", "true?", "1+", "'", "[1][", "x.map(y,")
            from count in Gen.Choose(1, 5_000)
            from close in Gen.Elements("", "1", ")", "]")
            select string.Concat(Enumerable.Repeat(open, count)) + string.Concat(Enumerable.Repeat(close, count % 300))));

    [Fact]
    public void TryParse_AnyRule_IsOneOrAProblemWithItsPlace_AndEvaluatesToABoolOrAReason() => Holds.ForAll(
        from rule in Rules from data in Texts.Mutated(JsonTexts.Object(3, "type", "data", "list", "x", "id")) select (rule, data),
        static given =>
        {
            if (!CelExpression.TryParse(given.rule, out var expression, out var problem))
            {
                problem.ShouldNotBeNull().ShouldNotBeEmpty();
                return;
            }

            // The same text is the same rule each time.
            CelExpression.TryParse(expression!.Text, out var again, out _).ShouldBeTrue();
            try
            {
                using var document = JsonDocument.Parse(given.data);
                expression.TryMatch(document.RootElement, out var matches, out problem).ShouldBe(problem is null);
                again!.TryMatch(document.RootElement, out var second, out var other).ShouldBe(problem is null);
                (second, other).ShouldBe((matches, problem));
            }
            catch (JsonException)
            {
                // No event: nothing that is no JSON is matched.
            }
        },
        2_000);

    [Fact]
    public void Evaluate_WellTyped_AgreesWithPlainReckoning() => Holds.ForAll(
        Gen.Choose(1, 4).SelectMany(static depth => Gen.OneOf(CelTrees.Bools(depth), CelTrees.Ints(depth), CelTrees.Doubles(depth), CelTrees.Strings(depth))),
        static tree =>
        {
            Plain(CelExpression.Compile(tree.Text).Evaluate()).ShouldBe(tree.Value, tree.Text);

            // Written with as few brackets as the operators' order needs, it is read as the same.
            Plain(CelExpression.Compile(tree.Short).Evaluate()).ShouldBe(tree.Value, tree.Short);
        },
        2_000);

    [Fact]
    public void Evaluate_NestedMacros_EndAtTheLimit() => Holds.ForAll(
        from depth in Gen.Choose(1, 6) from width in Gen.Choose(1, 30) select (depth, width),
        static given =>
        {
            var list = $"[{string.Join(',', Enumerable.Range(0, given.width))}]";
            var text = Enumerable.Range(0, given.depth).Aggregate("true", (inner, level) => $"{list}.all(x{level}, {inner})");
            var value = CelExpression.Compile(text).Evaluate();
            (value.IsTrue || value.Problem.Contains("steps", StringComparison.Ordinal)).ShouldBeTrue();
        },
        60);

    private static object? Plain(CelValue value) => value.Kind switch
    {
        CelKind.Error => null,
        CelKind.Bool => value.Bool,
        CelKind.Int => value.Int,
        CelKind.Double => value.Double,
        CelKind.String => value.Text,
        _ => throw new InvalidOperationException($"{value.Kind}"),
    };
}
