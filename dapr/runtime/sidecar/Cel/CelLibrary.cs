namespace HmsMesh.Sidecar.Cel;

/// <summary>The standard definitions.</summary>
internal static class CelLibrary
{
    private static readonly string[] Ordered = ["bool,bool->bool", "int,int->bool", "uint,uint->bool", "double,double->bool", "string,string->bool", "bytes,bytes->bool", "time,time->bool", "span,span->bool"];

    public static IReadOnlyDictionary<string, CelFunction> Functions { get; } = All().ToDictionary(f => f.Name, StringComparer.Ordinal);

    public static CelValue Mismatch(string name, in CelValue value) => CelValue.Error($"no such overload: {name}({CelTypeNames.Of(value)})");

    public static CelValue Mismatch(string name, in CelValue a, in CelValue b) =>
        CelValue.Error($"no such overload: {name}({CelTypeNames.Of(a)}, {CelTypeNames.Of(b)})");

    private static IEnumerable<CelFunction> All() => [.. Operators(), .. Conversions(), .. Texts(), .. Times()];

    private static IEnumerable<CelFunction> Operators() =>
    [
        Of("!_", CelArithmetic.Not, "bool->bool"),
        Of("-_", CelArithmetic.Negate, "int->int", "double->double"),
        Of("_+_", CelArithmetic.Add, "int,int->int", "uint,uint->uint", "double,double->double", "string,string->string", "bytes,bytes->bytes", "list(A),list(A)->list(A)", "span,span->span", "time,span->time", "span,time->time"),
        Of("_-_", CelArithmetic.Subtract, "int,int->int", "uint,uint->uint", "double,double->double", "span,span->span", "time,span->time", "time,time->span"),
        Of("_*_", CelArithmetic.Multiply, "int,int->int", "uint,uint->uint", "double,double->double"),
        Of("_/_", CelArithmetic.Divide, "int,int->int", "uint,uint->uint", "double,double->double"),
        Of("_%_", CelArithmetic.Remainder, "int,int->int", "uint,uint->uint"),
        Of("_==_", CelEquality.Equal, "A,A->bool"),
        Of("_!=_", CelEquality.NotEqual, "A,A->bool"),
        Of("_<_", CelEquality.Ordering("_<_", o => o < 0), Ordered),
        Of("_<=_", CelEquality.Ordering("_<=_", o => o <= 0), Ordered),
        Of("_>_", CelEquality.Ordering("_>_", o => o > 0), Ordered),
        Of("_>=_", CelEquality.Ordering("_>=_", o => o >= 0), Ordered),
        Of("_in_", CelCollections.In, "A,list(A)->bool", "A,map(A,B)->bool"),
        Of("_[_]", CelCollections.Index, "list(A),int->A", "map(A,B),A->B"),
        Of("size", CelCollections.Size, "string->int", "bytes->int", "list(A)->int", "map(A,B)->int", ".string->int", ".bytes->int", ".list(A)->int", ".map(A,B)->int"),
    ];

    private static IEnumerable<CelFunction> Conversions() =>
    [
        Of("int", CelConversions.ToInt, "int->int", "uint->int", "double->int", "string->int", "time->int", "span->int"),
        Of("uint", CelConversions.ToUint, "uint->uint", "int->uint", "double->uint", "string->uint"),
        Of("double", CelConversions.ToDouble, "double->double", "int->double", "uint->double", "string->double"),
        Of("string", CelConversions.ToText, "string->string", "bool->string", "int->string", "uint->string", "double->string", "bytes->string", "time->string", "span->string"),
        Of("bytes", CelConversions.ToBytes, "bytes->bytes", "string->bytes"),
        Of("bool", CelConversions.ToBool, "bool->bool", "string->bool"),
        Of("timestamp", CelConversions.ToTimestamp, "time->time", "int->time", "string->time"),
        Of("duration", CelConversions.ToDuration, "span->span", "int->span", "string->span"),
        Of("type", CelConversions.TypeOf, "A->type"),
        Of("dyn", CelConversions.ToDyn, "A->dyn"),
    ];

    private static IEnumerable<CelFunction> Texts() =>
    [
        Of("startsWith", CelStrings.Test("startsWith", (a, b) => a.StartsWith(b, StringComparison.Ordinal)), ".string,string->bool"),
        Of("endsWith", CelStrings.Test("endsWith", (a, b) => a.EndsWith(b, StringComparison.Ordinal)), ".string,string->bool"),
        Of("contains", CelStrings.Test("contains", (a, b) => a.Contains(b, StringComparison.Ordinal)), ".string,string->bool"),
        Of("matches", CelStrings.Matches, ".string,string->bool", "string,string->bool"),
    ];

    private static IEnumerable<CelFunction> Times() =>
    [
        Getter("getFullYear", (t, _) => t.Year),
        Getter("getMonth", (t, _) => t.Month - 1),
        Getter("getDate", (t, _) => t.Day),
        Getter("getDayOfMonth", (t, _) => t.Day - 1),
        Getter("getDayOfWeek", (t, _) => (long)t.DayOfWeek),
        Getter("getDayOfYear", (t, _) => t.DayOfYear - 1),
        Getter("getHours", (t, _) => t.Hour, ns => ns / (3600 * CelTime.Second)),
        Getter("getMinutes", (t, _) => t.Minute, ns => ns / (60 * CelTime.Second)),
        Getter("getSeconds", (t, _) => t.Second, ns => ns / CelTime.Second),
        Getter("getMilliseconds", (_, nanos) => nanos / 1_000_000, ns => ns / 1_000_000),
    ];

    private static CelFunction Getter(string name, Func<DateTime, int, long> ofTime, Func<long, long>? ofDuration = null)
    {
        string[] signatures = ofDuration is null ? [".time->int", ".time,string->int"] : [".time->int", ".time,string->int", ".span->int"];
        return new CelFunction(name, Parsed(signatures), CelTime.Getter(name, ofTime, ofDuration), CelTime.ZonedGetter(name, ofTime));
    }

    private static CelFunction Of(string name, CelUnary unary, params string[] signatures) => new(name, Parsed(signatures), unary, binary: null);

    private static CelFunction Of(string name, CelBinary binary, params string[] signatures) => new(name, Parsed(signatures), unary: null, binary);

    private static CelOverload[] Parsed(string[] signatures) => Array.ConvertAll(signatures, CelOverload.Parse);
}
