using System.Text;

namespace HmsMesh.Sidecar.Cel;

/// <summary>Equality and order. Values of different types are unequal, but numbers, which lie on one line.</summary>
internal static class CelEquality
{
    public static CelValue Equal(CelContext context, in CelValue a, in CelValue b) => CelValue.Of(AreEqual(context, a, b));

    public static CelValue NotEqual(CelContext context, in CelValue a, in CelValue b) => CelValue.Of(!AreEqual(context, a, b));

    public static CelBinary Ordering(string name, Func<int, bool> holds) => (CelContext context, in CelValue a, in CelValue b) =>
    {
        if (!context.Pay(Math.Min(a.Weight, b.Weight))) return CelContext.TooCostly();
        if (a.IsNumber && b.IsNumber) return CelValue.Of(CelNumbers.Compare(a, b) is { } order && holds(order));
        if (a.Kind != b.Kind) return CelLibrary.Mismatch(name, a, b);
        return a.Kind switch
        {
            CelKind.String => CelValue.Of(holds(CompareText(a.Text, b.Text))),
            CelKind.Bytes => CelValue.Of(holds(a.Bytes.AsSpan().SequenceCompareTo(b.Bytes))),
            CelKind.Bool => CelValue.Of(holds(a.Bool.CompareTo(b.Bool))),
            CelKind.Duration => CelValue.Of(holds(a.Nanoseconds.CompareTo(b.Nanoseconds))),
            CelKind.Timestamp => CelValue.Of(holds((a.Seconds, a.Nanos).CompareTo((b.Seconds, b.Nanos)))),
            _ => CelLibrary.Mismatch(name, a, b),
        };
    };

    /// <summary>Pays for what it compares; when that is too much the answer no longer counts.</summary>
    public static bool AreEqual(CelContext context, in CelValue a, in CelValue b)
    {
        if (!context.Pay(Math.Min(a.Weight, b.Weight))) return false;
        if (a.IsNumber && b.IsNumber) return CelNumbers.Compare(a, b) == 0;
        if (a.Kind != b.Kind) return false;
        return a.Kind switch
        {
            CelKind.Null => true,
            CelKind.Bool => a.Bool == b.Bool,
            CelKind.String => b.IsJson ? b.TextEquals(a.Text) : a.TextEquals(b.Text),
            CelKind.Bytes => a.Bytes.AsSpan().SequenceEqual(b.Bytes),
            CelKind.Duration => a.Nanoseconds == b.Nanoseconds,
            CelKind.Timestamp => a.Seconds == b.Seconds && a.Nanos == b.Nanos,
            CelKind.Type => a.TypeName == b.TypeName,
            CelKind.List => ListsEqual(context, a, b),
            CelKind.Map => MapsEqual(context, a, b),
            _ => false,
        };
    }

    /// <summary>By code points; the order of UTF-16 differs above U+FFFF.</summary>
    public static int CompareText(string a, string b)
    {
        var at = a.AsSpan().CommonPrefixLength(b);
        if (at == a.Length || at == b.Length) return a.Length.CompareTo(b.Length);
        if (at > 0 && char.IsHighSurrogate(a[at - 1])) at--;
        Rune.DecodeFromUtf16(a.AsSpan(at), out var first, out _);
        Rune.DecodeFromUtf16(b.AsSpan(at), out var second, out _);
        return first.CompareTo(second);
    }

    private static bool ListsEqual(CelContext context, in CelValue a, in CelValue b)
    {
        if (a.Count != b.Count) return false;
        using var others = CelCollections.Items(b).GetEnumerator();
        foreach (var item in CelCollections.Items(a))
        {
            if (!others.MoveNext() || !AreEqual(context, item, others.Current)) return false;
        }

        return true;
    }

    private static bool MapsEqual(CelContext context, in CelValue a, in CelValue b)
    {
        if (a.Count != b.Count) return false;
        foreach (var key in CelCollections.Items(a))
        {
            if (!CelCollections.TryGet(a, key, out var value) || !CelCollections.TryGet(b, key, out var other)) return false;
            if (!AreEqual(context, value, other)) return false;
        }

        return true;
    }
}
