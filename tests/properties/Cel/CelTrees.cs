using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace HmsMesh.Properties.Tests.Cel;

/// <summary>Random well-typed expressions with their values.</summary>
internal static class CelTrees
{
    private const int Conditional = 1, Or = 2, And = 3, Relation = 4, Sum = 5, Product = 6, Unary = 7, Primary = 8;

    public static Gen<CelTree> Bools(int depth) => depth == 0 ? Gen.Elements(Leaf("true", true), Leaf("false", false)) : Gen.Frequency(
        (1, Bools(0)),
        (3, from a in Bools(depth - 1) from b in Bools(depth - 1) select Binary(a, "||", b, Or, Either(a.Value, b.Value, true))),
        (3, from a in Bools(depth - 1) from b in Bools(depth - 1) select Binary(a, "&&", b, And, Either(a.Value, b.Value, false))),
        (1, from a in Bools(depth - 1) select new CelTree($"(!{a.Text})", $"!{Bracket(a, Unary)}", Unary, a.Value is bool one ? !one : null)),
        (2, Compared(Ints(depth - 1), static (a, b) => ((long)a).CompareTo((long)b))),
        (2, Compared(Doubles(depth - 1), static (a, b) => ((double)a).CompareTo((double)b))),
        (2, Compared(Strings(depth - 1), static (a, b) => string.CompareOrdinal((string)a, (string)b))),
        (1, Chosen(Bools(depth - 1), depth)),
        (1, from a in Strings(depth - 1)
            from b in Strings(depth - 1)
            from call in Gen.Elements("contains", "startsWith", "endsWith")
            select Call(a, call, b, a.Value is string x && b.Value is string y ? Find(x, call, y) : null)),
        (1, from a in Ints(depth - 1)
            from list in Ints(depth - 1).ListOf(3)
            select Binary(a, "in", List(list), Relation,
                a.Value is long x && list.All(static one => one.Value is not null) ? list.Any(one => (long)one.Value! == x) : null)));

    public static Gen<CelTree> Ints(int depth) => depth == 0
        ? Gen.Frequency((6, Gen.Choose(0, 50).Select(static one => (long)one)), (1, Gen.Elements(long.MaxValue, 1L << 40))).Select(static one => Leaf(Text(one), one))
        : Gen.Frequency(
            (1, Ints(0)),
            (2, Arithmetic(Ints(depth - 1), "+", Sum, static (a, b) => checked(a + b))),
            (2, Arithmetic(Ints(depth - 1), "-", Sum, static (a, b) => checked(a - b))),
            (2, Arithmetic(Ints(depth - 1), "*", Product, static (a, b) => checked(a * b))),
            (1, Arithmetic(Ints(depth - 1), "/", Product, static (a, b) => checked(a / b))),
            (1, Arithmetic(Ints(depth - 1), "%", Product, static (a, b) => checked(a % b))),
            (1, from a in Ints(depth - 1) select new CelTree($"(-({a.Text}))", $"-({a.Short})", Unary, a.Value is long one && one != long.MinValue ? -one : null)),
            (1, from a in Strings(depth - 1) select new CelTree($"size({a.Text})", $"size({a.Short})", Primary, a.Value is string one ? (long)one.Length : null)),
            (1, Chosen(Ints(depth - 1), depth)));

    public static Gen<CelTree> Doubles(int depth) => depth == 0
        ? Gen.Choose(0, 400).Select(static one => one / 8.0).Select(static one => Leaf(one.ToString("0.0###", CultureInfo.InvariantCulture), one))
        : Gen.Frequency(
            (1, Doubles(0)),
            (1, from a in Doubles(depth - 1) from b in Doubles(depth - 1) select Binary(a, "+", b, Sum, a.Value is double x && b.Value is double y ? x + y : null)),
            (1, from a in Doubles(depth - 1) from b in Doubles(depth - 1) select Binary(a, "*", b, Product, a.Value is double x && b.Value is double y ? x * y : null)),
            (1, Chosen(Doubles(depth - 1), depth)));

    public static Gen<CelTree> Strings(int depth) => depth == 0
        ? Gen.Elements("", "a", "b", "ab", "o'clock", "\\", "\n", "ä", "event").Select(static one => Leaf(Quoted(one), one))
        : Gen.Frequency(
            (2, Strings(0)),
            (2, from a in Strings(depth - 1) from b in Strings(depth - 1) select Binary(a, "+", b, Sum, a.Value is string x && b.Value is string y ? x + y : null)),
            (1, from a in Ints(depth - 1) select new CelTree($"string({a.Text})", $"string({a.Short})", Primary, a.Value is long one ? Text(one) : null)),
            (1, Chosen(Strings(depth - 1), depth)));

    private static Gen<CelTree> Arithmetic(Gen<CelTree> of, string sign, int level, Func<long, long, long> reckon) =>
        from a in of from b in of select Binary(a, sign, b, level, a.Value is long x && b.Value is long y ? Try(reckon, x, y) : null);

    private static Gen<CelTree> Compared(Gen<CelTree> of, Func<object, object, int> compare) =>
        from a in of
        from b in of
        from sign in Gen.Elements("==", "!=", "<", "<=", ">", ">=")
        select Binary(a, sign, b, Relation, a.Value is null || b.Value is null ? null : sign switch
        {
            "==" => compare(a.Value, b.Value) == 0,
            "!=" => compare(a.Value, b.Value) != 0,
            "<" => compare(a.Value, b.Value) < 0,
            "<=" => compare(a.Value, b.Value) <= 0,
            ">" => compare(a.Value, b.Value) > 0,
            _ => compare(a.Value, b.Value) >= 0,
        });

    private static Gen<CelTree> Chosen(Gen<CelTree> of, int depth) =>
        from condition in Bools(depth - 1)
        from a in of
        from b in of
        select new CelTree(
            $"({condition.Text} ? {a.Text} : {b.Text})", $"{Bracket(condition, Or)} ? {Bracket(a, Or)} : {Bracket(b, Conditional)}", Conditional,
            condition.Value is bool one ? (one ? a.Value : b.Value) : null);

    /// <summary>An operand that decides hides the other one's error.</summary>
    private static bool? Either(object? a, object? b, bool decides) =>
        a is bool x && x == decides || b is bool y && y == decides ? decides : a is null || b is null ? null : !decides;

    private static CelTree Binary(CelTree a, string sign, CelTree b, int level, object? value) =>
        new($"({a.Text} {sign} {b.Text})", $"{Bracket(a, level)}{(sign == "in" ? " in " : sign)}{Bracket(b, level + 1)}", level, value);

    private static CelTree Call(CelTree a, string name, CelTree b, object? value) =>
        new($"{a.Text}.{name}({b.Text})", $"{Bracket(a, Primary)}.{name}({b.Short})", Primary, value);

    private static CelTree List(IEnumerable<CelTree> items) =>
        new($"[{string.Join(", ", items.Select(static one => one.Text))}]", $"[{string.Join(',', items.Select(static one => one.Short))}]", Primary, null);

    private static string Bracket(CelTree tree, int level) => tree.Level < level ? $"({tree.Short})" : tree.Short;

    private static CelTree Leaf(string text, object value) => new(text, text, Primary, value);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "'";

    private static bool Find(string text, string call, string part) => call switch
    {
        "contains" => text.Contains(part, StringComparison.Ordinal),
        "startsWith" => text.StartsWith(part, StringComparison.Ordinal),
        _ => text.EndsWith(part, StringComparison.Ordinal),
    };

    private static long? Try(Func<long, long, long> reckon, long a, long b)
    {
        try
        {
            return reckon(a, b);
        }
        catch (ArithmeticException)
        {
            return null;
        }
    }
}
