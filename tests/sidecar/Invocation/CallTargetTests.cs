using HmsMesh.Sidecar.Invocation.Request;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>Targets as daprd reads them; the cases are those of its own tests and of the recordings.</summary>
public class CallTargetTests
{
    [Theory]
    [InlineData("/v1.0/invoke/callee/method/hello", "callee", "/hello")]
    [InlineData("/v1.0////invoke//callee/method//foo", "callee", "/foo")]
    [InlineData("/v1.0/invoke/callee/method/a/b/c", "callee", "/a/b/c")]
    [InlineData("/v1.0/invoke/callee/method/", "callee", "/")]
    [InlineData("/v1.0/invoke/callee/method/hello/", "callee", "/hello")]
    [InlineData("/v1.0/invoke/callee/method/a%20b", "callee", "/a%20b")]
    [InlineData("/v1.0/invoke/callee/method/a%2Fb", "callee", "/a/b")]
    [InlineData("/v1.0/invoke/callee/method/admin%2F..%2Fpublic", "callee", "/public")]
    [InlineData("/v1.0/invoke/callee/method/../../../etc/passwd", "callee", "/etc/passwd")]
    [InlineData("/v1.0/invoke/callee/method/test%22stream", "callee", "/test%22stream")]
    [InlineData("/v1.0/invoke/callee/method/test%2Astream", "callee", "/test*stream")]
    [InlineData("/v1.0/invoke/callee/method/test*stream", "callee", "/test*stream")]
    [InlineData("/v1.0/invoke/callee/method/test%5Cstream", "callee", "/test%5Cstream")]
    [InlineData("/v1.0/invoke/callee/method/test%2541", "callee", "/test%41")]
    [InlineData("/v1.0/invoke/callee/method/%C3%A4%FF", "callee", "/%C3%A4%FF")]
    [InlineData("/v1.0/invoke/callee.other/method/x", "callee.other", "/x")]
    [InlineData("/v1.0/invoke/a%20b+c/method/x", "a b c", "/x")]
    [InlineData("/v1.0/invoke/http://127.0.0.1:80/method/ext", "http://127.0.0.1:80", "/ext")]
    [InlineData("/v1.0/invoke/http%3A%2F%2Fexample.com/method/ext", "http://example.com", "/ext")]
    [InlineData("/v1.0/invoke/https://example.com/base/method/ext/more", "https://example.com/base", "/ext/more")]
    public void TryRead_Path_NamesAppAndPath(string sent, string id, string path)
    {
        CallTarget.TryRead(sent, new HeaderDictionary(), out var target).ShouldBeTrue();

        target.ShouldBe(new CallTarget(id, path, null));
    }

    [Theory]
    [InlineData("/v1.0/invoke/callee")]
    [InlineData("/v1.0/invoke/callee/methods/x")]
    [InlineData("/v1.0/invoke//method/x")]
    [InlineData("/v1.0/invoke")]
    [InlineData("/v1.0invoke/callee/method/x")]
    [InlineData("/v2.0/invoke/callee/method/x")]
    [InlineData("/")]
    [InlineData("")]
    public void TryRead_PathThatNamesNobody_IsNone(string sent) => CallTarget.TryRead(sent, new HeaderDictionary(), out _).ShouldBeFalse();

    [Theory]
    [InlineData("/hello/there", "/hello/there")]
    [InlineData("///foo", "/foo")]
    [InlineData("/", "/")]
    [InlineData("/admin/../public", "/public")]
    [InlineData("/v1.0/invoke/other/method/x", "/v1.0/invoke/other/method/x")]
    public void TryRead_Header_TakesTheWholePath(string sent, string path)
    {
        CallTarget.TryRead(sent, new HeaderDictionary { ["dapr-app-id"] = "callee" }, out var target).ShouldBeTrue();
        target.ShouldBe(new CallTarget("callee", path, null));

        var basic = Convert.ToBase64String("dapr-app-id:callee"u8);
        CallTarget.TryRead(sent, new HeaderDictionary { ["Authorization"] = $"Basic {basic}" }, out target).ShouldBeTrue();
        target.ShouldBe(new CallTarget("callee", path, null));
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Basic ZGFwci1hcHAtaWQ=")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer x")]
    public void TryRead_OtherAuthorization_NamesNobody(string authorization) =>
        CallTarget.TryRead("/hello", new HeaderDictionary { ["Authorization"] = authorization }, out _).ShouldBeFalse();

    [Theory]
    [InlineData("test%23stream")]
    [InlineData("test%3Fstream")]
    [InlineData("test%25stream")]
    [InlineData("test%00stream")]
    [InlineData("test%0D%0AX-Injected:%201")]
    [InlineData("test%7F")]
    [InlineData("a%25")]
    public void TryRead_ForbiddenCharacter_IsAProblem(string method)
    {
        CallTarget.TryRead($"/v1.0/invoke/callee/method/{method}", new HeaderDictionary(), out var target).ShouldBeTrue();

        target.Problem.ShouldNotBeNull().ShouldStartWith("invalid method");
    }
}
