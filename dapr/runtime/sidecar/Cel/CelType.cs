namespace HmsMesh.Sidecar.Cel;

/// <summary>A type as the checker knows it. What it cannot know is <see cref="Dyn"/>, which fits everything.</summary>
internal sealed record CelType(string Name, CelType? First = null, CelType? Second = null)
{
    public static readonly CelType Dyn = new("dyn");
    public static readonly CelType Null = new("null_type");
    public static readonly CelType Bool = new("bool");
    public static readonly CelType Int = new("int");
    public static readonly CelType Uint = new("uint");
    public static readonly CelType Double = new("double");
    public static readonly CelType String = new("string");
    public static readonly CelType Bytes = new("bytes");
    public static readonly CelType Timestamp = new("google.protobuf.Timestamp");
    public static readonly CelType Duration = new("google.protobuf.Duration");
    public static readonly CelType Type = new("type");

    /// <summary>Names that are types, and are values too.</summary>
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "null_type", "bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "google.protobuf.Timestamp", "google.protobuf.Duration",
    };

    public bool IsDyn => ReferenceEquals(this, Dyn);

    public bool IsList => Name == "list";

    public bool IsMap => Name == "map";

    private bool IsParameter => Name is "A" or "B";

    public static CelType List(CelType element) => new("list", element);

    public static CelType Map(CelType key, CelType value) => new("map", key, value);

    /// <summary>The type of elements of both types in one list.</summary>
    public static CelType Join(CelType? a, CelType b) => a is null ? b : Unify(a, b) ?? Dyn;

    /// <summary>The more exact of two types that agree; null where they do not.</summary>
    public static CelType? Unify(CelType a, CelType b)
    {
        if (a.IsDyn || b.IsDyn) return Dyn;
        if (ReferenceEquals(a, Null) && b.TakesNull) return b;
        if (ReferenceEquals(b, Null) && a.TakesNull) return a;
        if (a.Name != b.Name) return null;
        if (a.First is null) return a;
        var first = Unify(a.First, b.First!);
        if (first is null) return null;
        if (a.Second is null) return a with { First = first };
        var second = Unify(a.Second, b.Second!);
        return second is null ? null : a with { First = first, Second = second };
    }

    /// <summary>Whether an argument of this type fits a parameter; the parameter's type parameters are bound as it goes.</summary>
    public bool Fits(CelType parameter, IDictionary<string, CelType> bound)
    {
        if (parameter.IsParameter)
        {
            var joined = bound.TryGetValue(parameter.Name, out var before) ? Unify(before, this) : this;
            if (joined is not null) bound[parameter.Name] = joined;
            return joined is not null;
        }

        if (IsDyn || parameter.IsDyn) return true;
        if (Name != parameter.Name) return ReferenceEquals(this, Null) && parameter.TakesNull;
        return (parameter.First is null || First is null || First.Fits(parameter.First, bound))
               && (parameter.Second is null || Second is null || Second.Fits(parameter.Second, bound));
    }

    /// <summary>A result's type with its parameters put in.</summary>
    public CelType With(IDictionary<string, CelType> bound) =>
        IsParameter ? bound.TryGetValue(Name, out var type) ? type : Dyn
        : First is null ? this
        : this with { First = First.With(bound), Second = Second?.With(bound) };

    public override string ToString() => First is null ? Name : Second is null ? $"{Name}({First})" : $"{Name}({First}, {Second})";

    private bool TakesNull => Name is "google.protobuf.Timestamp" or "google.protobuf.Duration";
}
