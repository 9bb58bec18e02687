using System.Text.Json;

namespace HmsMesh.Sidecar.Cel;

/// <summary>Lists and maps, whether an expression made them or an event brought them.</summary>
internal static class CelCollections
{
    public static bool TryGet(in CelValue map, in CelValue key, out CelValue value)
    {
        if (map.OwnMap is { } own) return own.TryGet(key, out value);
        var found = key.Kind == CelKind.String && map.Json.TryGetProperty(key.Text, out var element) ? element : default;
        value = found.ValueKind == JsonValueKind.Undefined ? default : CelValue.Of(found);
        return found.ValueKind != JsonValueKind.Undefined;
    }

    /// <summary>The elements of a list, or the keys of a map; a name that JSON has twice comes once.</summary>
    public static IEnumerable<CelValue> Items(CelValue range)
    {
        if (range.OwnList is { } list) return list;
        if (range.OwnMap is { } map) return map.Keys;
        return range.Kind == CelKind.List
            ? range.Json.EnumerateArray().Select(CelValue.Of)
            : range.Json.EnumerateObject().Select(p => p.Name).Distinct(StringComparer.Ordinal).Select(CelValue.Of);
    }

    public static CelValue Size(CelContext context, in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.String:
                var length = 0L;
                foreach (var _ in value.Text.EnumerateRunes()) length++;
                return CelValue.Of(length);
            case CelKind.Bytes:
                return CelValue.Of((long)value.Bytes.Length);
            case CelKind.List or CelKind.Map:
                var count = value.Count;
                return context.Pay(count) ? CelValue.Of((long)count) : CelContext.TooCostly();
            default:
                return CelLibrary.Mismatch("size", value);
        }
    }

    public static CelValue Index(CelContext context, in CelValue collection, in CelValue index)
    {
        if (collection.Kind == CelKind.Map)
        {
            if (index.Kind is not (CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Bool or CelKind.String))
                return CelLibrary.Mismatch("_[_]", collection, index);
            return TryGet(collection, index, out var value) ? value : CelValue.Error($"no such key: {CelConversions.Shown(index)}");
        }

        if (collection.Kind != CelKind.List || !index.IsNumber) return CelLibrary.Mismatch("_[_]", collection, index);
        var whole = CelNumbers.Compare(index, CelValue.Of(0L)) >= 0 && CelNumbers.Compare(index, CelValue.Of((long)collection.Count)) < 0
            ? index.Kind == CelKind.Double ? (long)index.Double : index.Int
            : -1;
        if (whole < 0 || CelNumbers.Compare(index, CelValue.Of(whole)) != 0) return CelValue.Error($"index out of bounds: {CelConversions.Shown(index)}");
        return collection.ElementAt((int)whole);
    }

    public static CelValue In(CelContext context, in CelValue item, in CelValue collection)
    {
        if (collection.Kind == CelKind.Map) return CelValue.Of(TryGet(collection, item, out _));
        if (collection.Kind != CelKind.List) return CelLibrary.Mismatch("_in_", item, collection);
        foreach (var element in Items(collection))
        {
            if (CelEquality.AreEqual(context, item, element)) return CelValue.True;
            if (context.IsExhausted) return CelContext.TooCostly();
        }

        return CelValue.False;
    }
}
