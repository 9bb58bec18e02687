using System.Text.Json;
using HmsMesh.Sidecar.Cel;

namespace HmsMesh.Sidecar.Tests.Cel;

/// <summary>Rules over an event's JSON, as daprd binds it: every number is a double.</summary>
public class CelEventTests
{
    private const string Envelope = """
        {"id":"e1","source":"app","type":"claim.approved","specversion":"1.0","datacontenttype":"application/json","tenant":null,
         "data":{"n":2,"half":0.5,"big":1e300,"text":"hms-\u00e4\n","flag":true,"list":[1,"two",{"three":3}],"empty":[],
                 "deep":{"er":{"est":[[1,2],[3]]}},"twice":1,"twice":2,"with-dash":"x"}}
        """;

    [Theory]
    [InlineData("event.type == 'claim.approved'", true)]
    [InlineData("'claim.approved' == event.type", true)]
    [InlineData("event.type != 'claim.denied'", true)]
    [InlineData("event.data.n == 2", true)]
    [InlineData("event.data.n == 2.0", true)]
    [InlineData("event.data.n == 2u", true)]
    [InlineData("event.data.n > 1", true)]
    [InlineData("event.data.n < 1.5", false)]
    [InlineData("event.data.half < 1", true)]
    [InlineData("event.data.n in [1, 2]", true)]
    [InlineData("event.data.n in [1.0, 2.0]", true)]
    [InlineData("event.data.n * 2.0 == 4.0", true)]
    [InlineData("int(event.data.n) % 2 == 0", true)]
    [InlineData("event.data.big > 9223372036854775807", true)]
    [InlineData("event.data.text == 'hms-ä\\n'", true)]
    [InlineData("event.data.text.startsWith('hms-') && size(event.data.text) == 6", true)]
    [InlineData("event.data.flag", true)]
    [InlineData("event.data.list[1] == 'two'", true)]
    [InlineData("event.data.list[event.data.n].three == 3", true)]
    [InlineData("'two' in event.data.list", true)]
    [InlineData("1 in event.data.list", true)]
    [InlineData("event.data.list.exists(x, x == 'two')", true)]
    [InlineData("event.data.list == [1, 'two', {'three': 3}]", true)]
    [InlineData("event.data.deep == {'er': {'est': [[1, 2], [3]]}}", true)]
    [InlineData("event.data.deep.er.est.map(l, size(l)) == [2, 1]", true)]
    [InlineData("event.data.list + [4.0] == [1, 'two', {'three': 3}, 4]", true)]
    [InlineData("size(event.data.empty) == 0", true)]
    [InlineData("event.data.twice == 2", true)]
    [InlineData("size(event.data) == 10", true)]
    [InlineData("event.data.exists_one(k, k == 'twice')", true)]
    [InlineData("event.data['with-dash'] == 'x'", true)]
    [InlineData("'id' in event && !('nope' in event)", true)]
    [InlineData("has(event.tenant) && event.tenant == null", true)]
    [InlineData("has(event.subject)", false)]
    [InlineData("has(event.subject) && event.subject == 'x'", false)]
    [InlineData("event.subject == 'x' || event.data.flag", true)]
    [InlineData("event.data.n == '2'", false)]
    [InlineData("type(event.data.n) == double", true)]
    [InlineData("type(event.data) == map && type(event.data.list) == list", true)]
    public void TryMatch_Rule_Holds(string rule, bool expected)
    {
        using var envelope = JsonDocument.Parse(Envelope);
        Parsed(rule).TryMatch(envelope.RootElement, out var matches, out var problem).ShouldBeTrue(problem);
        matches.ShouldBe(expected);
    }

    [Theory]
    [InlineData("event.subject == 'x'", "no such key: subject")]
    [InlineData("event.data.n + 1 == 3", "no such overload: _+_(double, int)")]
    [InlineData("event.data.n % 2 == 0", "no such overload")]
    [InlineData("event.data.text > 1", "no such overload: _>_(string, int)")]
    [InlineData("event.type.deeper == 1", "has no field 'deeper'")]
    [InlineData("event.data.list[3] == 1", "index out of bounds: 3")]
    [InlineData("event.data.text", "the result is string, not bool")]
    [InlineData("event.data.list.all(x, x > 0)", "no such overload")]
    public void TryMatch_RuleThatFails_SaysWhy(string rule, string expected)
    {
        using var envelope = JsonDocument.Parse(Envelope);
        Parsed(rule).TryMatch(envelope.RootElement, out var matches, out var problem).ShouldBeFalse();
        matches.ShouldBeFalse();
        problem.ShouldNotBeNull().ShouldContain(expected);
    }

    [Fact]
    public void TryMatch_HalfASurrogatePair_IsAProblemAndNoCrash()
    {
        using var envelope = JsonDocument.Parse("""{"data":"\ud800"}""");
        Parsed("event.data.contains('x')").TryMatch(envelope.RootElement, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNull().ShouldContain("Unicode");
    }

    [Fact]
    public async Task TryMatch_FromManyThreads_IsIndependent()
    {
        var rule = Parsed("event.list.map(x, x * 2.0).filter(y, y > event.n).size() == int(event.n)");
        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(n => Task.Run(() =>
        {
            using var envelope = JsonDocument.Parse($$"""{"n":{{n}},"list":[{{string.Join(',', Enumerable.Range(n, n))}}]}""");
            return Enumerable.Repeat(rule, 200).All(r => r.TryMatch(envelope.RootElement, out var matches, out _) && matches);
        })));
        answers.ShouldAllBe(a => a);
    }

    private static CelExpression Parsed(string rule)
    {
        CelExpression.TryParse(rule, out var expression, out var problem).ShouldBeTrue(problem);
        return expression!;
    }
}
