namespace HmsMesh.Properties.Tests.Cel;

/// <summary>A well-typed expression, how it is written, and what it is by the plainest reckoning there is.</summary>
/// <param name="Text">With brackets around everything.</param>
/// <param name="Short">With the brackets alone that the operators' order needs.</param>
/// <param name="Level">How tightly <paramref name="Short"/> binds: 1 for ?:, 8 for what needs no brackets.</param>
/// <param name="Value">A bool, long, double or string; null: an error.</param>
internal sealed record CelTree(string Text, string Short, int Level, object? Value);
