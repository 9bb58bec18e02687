namespace HmsMesh.Sidecar.Cel;

/// <summary>One signature of a function, called as <c>f(x)</c> or as <c>x.f()</c>.</summary>
internal sealed record CelOverload(bool IsMember, IReadOnlyList<CelType> Parameters, CelType Result)
{
    /// <summary>Reads <c>string,list(A)-&gt;bool</c>; a dot in front makes it a member, whose receiver comes first.</summary>
    public static CelOverload Parse(string signature)
    {
        var arrow = signature.IndexOf("->", StringComparison.Ordinal);
        var isMember = signature[0] == '.';
        var at = isMember ? 1 : 0;
        var parameters = new List<CelType>();
        while (at < arrow)
        {
            parameters.Add(Type(signature, ref at));
            at++;
        }

        at = arrow + 2;
        return new CelOverload(isMember, parameters, Type(signature, ref at));
    }

    public CelType? Resolve(bool isMember, IReadOnlyList<CelType> arguments)
    {
        if (isMember != IsMember || arguments.Count != Parameters.Count) return null;
        var bound = new Dictionary<string, CelType>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].Fits(Parameters[i], bound)) return null;
        }

        return Result.With(bound);
    }

    private static CelType Type(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsLetter(text[at])) at++;
        var name = text[start..at];
        if (name is "list" or "map")
        {
            at++;
            var first = Type(text, ref at);
            at++;
            if (name == "list") return CelType.List(first);
            var second = Type(text, ref at);
            at++;
            return CelType.Map(first, second);
        }

        return name switch
        {
            "dyn" => CelType.Dyn,
            "bool" => CelType.Bool,
            "int" => CelType.Int,
            "uint" => CelType.Uint,
            "double" => CelType.Double,
            "string" => CelType.String,
            "bytes" => CelType.Bytes,
            "time" => CelType.Timestamp,
            "span" => CelType.Duration,
            "type" => CelType.Type,
            "A" or "B" => new CelType(name),
            _ => throw new InvalidOperationException($"no type {name}"),
        };
    }
}
