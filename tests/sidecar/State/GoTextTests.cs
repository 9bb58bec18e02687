using System.Text.Json;
using HmsMesh.Sidecar.State.Outbox;

namespace HmsMesh.Sidecar.Tests.State;

public class GoTextTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("-0.0", "-0")]
    [InlineData("600.5", "600.5")]
    [InlineData("123456", "123456")]
    [InlineData("1000000", "1e+06")]
    [InlineData("123456789", "1.23456789e+08")]
    [InlineData("1e21", "1e+21")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("12.5e-7", "1.25e-06")]
    [InlineData("true", "true")]
    [InlineData("null", "<nil>")]
    [InlineData("\"a \\u00fc\"", "a ü")]
    [InlineData("[1,\"b\",[]]", "[1 b []]")]
    [InlineData("{\"b\":{\"y\":null},\"a\":[true],\"b\":2}", "map[a:[true] b:2]")]
    public void Of_Json_IsWhatGoPrints(string json, string text) => GoText.Of(JsonElement.Parse(json)).ShouldBe(text);
}
