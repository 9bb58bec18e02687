using FsCheck;
using FsCheck.Fluent;

namespace HmsMesh.Properties.Tests.Support;

/// <summary>Random JSON, some of it not quite.</summary>
internal static class JsonTexts
{
    public static Gen<string> Scalar { get; } = Gen.OneOf(
        Gen.Elements("null", "true", "false", "0", "-1", "1.5", "1e400", "123456789012345678901234567890", "\"\"", "\"a\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"2026-01-01T00:00:00Z\""),
        Texts.Any.Select(Quote),
        Gen.Choose(-1_000_000, 1_000_000).Select(static one => $"{one}"));

    public static Gen<string> Value(int depth, params string[] names) => depth == 0
        ? Scalar
        : Gen.Frequency(
            (4, Scalar),
            (2, Object(depth, names)),
            (1, Value(depth - 1, names).ListOf(3).Select(static items => $"[{string.Join(',', items)}]")));

    public static Gen<string> Object(int depth, params string[] names) =>
        from count in Gen.Choose(0, 6)
        from fields in (from name in Gen.Frequency((8, Gen.Elements(names).Select(Quote)), (1, Texts.Any.Select(Quote)), (1, Gen.Constant("\"\\ud800\"")))
                        from value in Value(depth - 1, names)
                        select $"{name}:{value}").ListOf(count)
        select $"{{{string.Join(',', fields)}}}";

    public static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
