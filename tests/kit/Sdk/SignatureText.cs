using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HmsMesh.Kit.Tests;

/// <summary>Writes members as the list of the official packages does. Whether a reference may be null is left out: half of the official
/// code doesn't say.</summary>
internal static partial class SignatureText
{
    private const int MatchMilliseconds = 1000;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(object)] = "object",
        [typeof(byte)] = "byte",
    };

    public static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum)
        {
            return Enum.GetNames(type);
        }

        var name = type.Name.Split('`')[0];
        return type.GetConstructors(Own).Select(c => $"{name}({Parameters(c)})").Where(c => c != $"{name}()" || type.GetConstructors().Length > 1)
            .Concat(type.GetMethods(Own).Where(m => !m.IsSpecialName && m.GetBaseDefinition() == m).Select(Method))
            .Concat(type.GetProperties(Own).Where(p => p.GetIndexParameters().Length == 0).Select(Property))
            .Concat(type.GetFields(Own).Select(f => $"{Name(f.FieldType)} {f.Name}"));
    }

    public static string Name(Type type, bool qualified = false)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (type.IsGenericType && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
        {
            return $"({string.Join(", ", type.GetGenericArguments().Select(a => Name(a)))})";
        }

        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        var name = qualified && type.Namespace is not null ? $"{type.Namespace}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(a => Name(a)))}>" : name;
    }

    public static string Normalize(string signature) => AsWritten().Replace(Spaces().Replace(ReferenceMark().Replace(signature, ""), ""), m => m.Value switch
    {
        "Constants.ContentTypeApplicationJson" => "\"application/json\"",
        "default(CancellationToken)" or "=null" => "=default",
        _ => m.Value,
    });

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var modifier = method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : "";
        return $"{modifier}{Name(method.ReturnType)} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Property(PropertyInfo property)
    {
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var set = property.SetMethod is not { IsPublic: true } ? "" : isInit ? " init;" : " set;";
        var modifier = property.GetMethod is { IsAbstract: true } && !property.DeclaringType!.IsInterface ? "abstract " : "";
        return $"{modifier}{Name(property.PropertyType)} {property.Name} {{ get;{set} }}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select((p, i) =>
        (i == 0 && method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + Name(p.ParameterType) + " " + p.Name + Default(p)));

    private static string Default(ParameterInfo parameter) => !parameter.HasDefaultValue ? "" : parameter.DefaultValue switch
    {
        null => " = default",
        string text => $" = \"{text}\"",
        Enum value => $" = {value.GetType().Name}.{value}",
        var value when parameter.ParameterType.IsEnum => $" = {parameter.ParameterType.Name}.{Enum.GetName(parameter.ParameterType, value)}",
        var value => " = " + Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    // string?, Dictionary<...>?, Foo? but not bool?, int?: those are types of their own.
    [GeneratedRegex(@"(?<!\bbool|\bint)\?", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex ReferenceMark();

    [GeneratedRegex(@"(?<=[,{};=<>()\]]|\?)\s+|\s+(?=[,{};=<>()])", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"Constants\.ContentTypeApplicationJson|default\(CancellationToken\)|=null", RegexOptions.NonBacktracking)]
    private static partial Regex AsWritten();
}
