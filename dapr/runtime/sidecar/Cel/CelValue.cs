using System.Text.Json;

namespace HmsMesh.Sidecar.Cel;

/// <summary>
/// One value. Scalars lie in <c>_bits</c> and <c>_nanos</c>; strings, bytes, lists and maps of the expression's own in <c>_object</c>; what comes
/// from an event stays the JSON element it is, and is read only where it is asked for.
/// </summary>
internal readonly struct CelValue
{
    private readonly JsonElement _json;
    private readonly object? _object;
    private readonly long _bits;
    private readonly int _nanos;

    private CelValue(CelKind kind, long bits = 0, int nanos = 0, object? value = null, JsonElement json = default)
    {
        Kind = kind;
        _bits = bits;
        _nanos = nanos;
        _object = value;
        _json = json;
    }

    public static CelValue Null => new(CelKind.Null);

    public static CelValue True => new(CelKind.Bool, 1);

    public static CelValue False => new(CelKind.Bool);

    public CelKind Kind { get; }

    public bool IsError => Kind == CelKind.Error;

    public bool IsTrue => Kind == CelKind.Bool && _bits != 0;

    public bool IsFalse => Kind == CelKind.Bool && _bits == 0;

    public bool IsNumber => Kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    public string Problem => (string)_object!;

    public bool Bool => _bits != 0;

    public long Int => _bits;

    public ulong Uint => (ulong)_bits;

    public double Double => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>A duration in nanoseconds.</summary>
    public long Nanoseconds => _bits;

    /// <summary>A timestamp's seconds since 1970.</summary>
    public long Seconds => _bits;

    /// <summary>A timestamp's nanoseconds within its second.</summary>
    public int Nanos => _nanos;

    public string Text => (string?)_object ?? _json.GetString()!;

    public byte[] Bytes => (byte[])_object!;

    public string TypeName => (string)_object!;

    public CelMap? OwnMap => _object as CelMap;

    public CelValue[]? OwnList => _object as CelValue[];

    /// <summary>The JSON array, object or string behind a value that came from an event.</summary>
    public JsonElement Json => _json;

    public bool IsJson => _object is null;

    public static CelValue Error(string problem) => new(CelKind.Error, value: problem);

    public static CelValue Of(bool value) => new(CelKind.Bool, value ? 1 : 0);

    public static CelValue Of(long value) => new(CelKind.Int, value);

    public static CelValue Of(ulong value) => new(CelKind.Uint, (long)value);

    public static CelValue Of(double value) => new(CelKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static CelValue Of(string value) => new(CelKind.String, value: value);

    public static CelValue Of(byte[] value) => new(CelKind.Bytes, value: value);

    public static CelValue Of(CelValue[] value) => new(CelKind.List, value: value);

    public static CelValue Of(CelMap value) => new(CelKind.Map, value: value);

    /// <summary>JSON as CEL has it and as daprd binds an event: every number is a double.</summary>
    public static CelValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new(CelKind.Map, json: element),
        JsonValueKind.Array => new(CelKind.List, json: element),
        JsonValueKind.String => new(CelKind.String, json: element),
        JsonValueKind.Number => Of(element.GetDouble()),
        JsonValueKind.True => True,
        JsonValueKind.False => False,
        _ => Null,
    };

    public static CelValue Duration(long nanoseconds) => new(CelKind.Duration, nanoseconds);

    public static CelValue Timestamp(long seconds, int nanos) => new(CelKind.Timestamp, seconds, nanos);

    public static CelValue TypeNamed(string name) => new(CelKind.Type, value: name);

    /// <summary>Elements of a list or entries of a map.</summary>
    public int Count => Kind switch
    {
        CelKind.List => OwnList?.Length ?? _json.GetArrayLength(),
        CelKind.Map => OwnMap?.Count ?? JsonCount(),
        _ => 0,
    };

    /// <summary>A size that an operation's cost is reckoned by; cheap, and never decodes.</summary>
    public int Weight => Kind switch
    {
        CelKind.String => (_object as string)?.Length ?? JsonLength(),
        CelKind.Bytes => Bytes.Length,
        CelKind.List => Count,
        _ => 1,
    };

    public CelValue ElementAt(int index) => OwnList is { } list ? list[index] : Of(_json[index]);

    /// <summary>Whether a string equals this text, without decoding one that came from an event.</summary>
    public bool TextEquals(string text) => _object is string own ? string.Equals(own, text, StringComparison.Ordinal) : _json.ValueEquals(text);

    private int JsonCount()
    {
        // As in Go's map, a name that is there twice counts once.
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in _json.EnumerateObject()) names.Add(property.Name);
        return names.Count;
    }

    private int JsonLength() => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(_json).Length;
}
