using System.Text;

namespace HmsMesh.Sidecar.Cel;

/// <summary><c>e.field</c>, and <c>has(e.field)</c>.</summary>
internal sealed class CelSelect : CelNode
{
    private readonly CelNode _operand;
    private readonly string _field;
    private readonly byte[] _utf8;
    private readonly bool _testsPresence;
    private string? _typeName;

    public CelSelect(int position, CelNode operand, string field, bool testsPresence = false)
        : base(position)
    {
        _operand = operand;
        _field = field;
        _utf8 = Encoding.UTF8.GetBytes(field);
        _testsPresence = testsPresence;
        Depth = operand.Depth + 1;
    }

    public CelSelect AsPresence() => new(Position, _operand, _field, testsPresence: true);

    public override CelType Check(CelChecker checker)
    {
        // A dotted name such as google.protobuf.Timestamp is a type, unless its first word is a variable.
        if (!_testsPresence && QualifiedName(checker) is { } name && CelType.Names.Contains(name))
        {
            _typeName = name;
            return CelType.Type;
        }

        var type = _operand.Check(checker);
        if (!type.IsDyn && !type.IsMap) throw new CelSyntaxException(Position, $"{type} has no fields");
        return _testsPresence ? CelType.Bool : type.IsMap ? type.Second! : CelType.Dyn;
    }

    public override CelValue Evaluate(CelContext context)
    {
        if (_typeName is not null) return CelValue.TypeNamed(_typeName);
        if (!context.Pay()) return CelContext.TooCostly();
        var operand = _operand.Evaluate(context);
        if (operand.IsError) return operand;
        if (operand.Kind != CelKind.Map) return CelValue.Error($"no such overload: {CelTypeNames.Of(operand)} has no field '{_field}'");
        CelValue value;
        bool found;
        if (operand.OwnMap is { } map)
        {
            found = map.TryGet(CelValue.Of(_field), out value);
        }
        else
        {
            found = operand.Json.TryGetProperty(_utf8, out var element);
            value = found && !_testsPresence ? CelValue.Of(element) : default;
        }

        return _testsPresence ? CelValue.Of(found) : found ? value : CelValue.Error($"no such key: {_field}");
    }

    private string? QualifiedName(CelChecker checker) => _operand switch
    {
        CelVariable root when root.IsRooted || !checker.TryResolve(root.Name, rootOnly: false, out _, out _) => $"{root.Name}.{_field}",
        CelSelect select when select.QualifiedName(checker) is { } name => $"{name}.{_field}",
        _ => null,
    };
}
