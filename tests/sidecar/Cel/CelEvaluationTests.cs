using HmsMesh.Sidecar.Cel;

namespace HmsMesh.Sidecar.Tests.Cel;

public class CelEvaluationTests
{
    public static TheoryData<string, string, string> Literals => CelTable.Read(CelLiteralCases.Text);

    public static TheoryData<string, string, string> Operators => CelTable.Read(CelOperatorCases.Text);

    public static TheoryData<string, string, string> Functions => CelTable.Read(CelFunctionCases.Text);

    public static TheoryData<string, string, string> Times => CelTable.Read(CelTimeCases.Text);

    [Theory]
    [MemberData(nameof(Literals))]
    [MemberData(nameof(Operators))]
    [MemberData(nameof(Functions))]
    [MemberData(nameof(Times))]
    public void Evaluate_Expression_GivesTheValue(string section, string expression, string value) =>
        CelShown.Of(CelExpression.Compile(expression).Evaluate()).ShouldBe(value, section);
}
