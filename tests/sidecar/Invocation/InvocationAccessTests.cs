using System.Net;
using System.Text.Json;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>Who may call what (recorded: mtls/access-list*); sidecars of one host and of several processes' names.</summary>
public class InvocationAccessTests
{
    private const string Named = """
          - appId: caller
            defaultAction: deny
            trustDomain: "public"
            namespace: "default"
            operations:
            - {name: /hello, httpVerb: ["GET"], action: allow}
            - {name: /things/*, httpVerb: ["*"], action: allow}
            - {name: /all/but, httpVerb: ["*"], action: deny}
            - {name: /all/**, httpVerb: ["*"], action: allow}
            - {name: /all/late, httpVerb: ["*"], action: deny}
            - {name: /pre*, httpVerb: ["GET"], action: allow}
            - {name: /small, httpVerb: ["get"], action: allow}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invoke_WithNamedOperations_LetsThoseThroughAlone(bool host)
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.Of(host);
        await mesh.AddAsync("callee", app.Port, config: Config("deny", Named));
        var caller = await mesh.AddAsync("caller");
        var other = await mesh.AddAsync("other");

        (string Verb, string Path, bool Passes)[] cases =
        [
            ("GET", "hello", true), ("GET", "HELLO", true), ("GET", "hello?x=1", true), ("POST", "hello", false),
            ("GET", "things/1", true), ("DELETE", "things/1", true), ("GET", "things/1/2", false), ("GET", "things", true),
            ("GET", "secret", false), ("GET", "//secret", false), ("GET", "things/../secret", false), ("GET", "things/%2e%2e/secret", false),
            ("GET", "things/%2e%2e%2fsecret", false), ("GET", "%68ello", true),
            ("GET", "all/a/b/c", true), ("GET", "all/but", false), ("GET", "all/%62ut", false), ("GET", "all/but/below", false),
            ("GET", "all/late", true), ("GET", "all/%252e%252e%252fsecret", false),
            ("GET", "prefix", true), ("GET", "pre", true), ("GET", "xpre", false), ("GET", "hello/below", true), ("GET", "small", false),
        ];
        foreach (var (verb, path, passes) in cases)
        {
            using var answer = await SendAsync(caller, verb, path);
            answer.StatusCode.ShouldBe(passes ? HttpStatusCode.OK : HttpStatusCode.Forbidden, $"{verb} {path}");
        }

        using var stranger = await SendAsync(other, "GET", "hello");
        stranger.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var error = JsonDocument.Parse(await stranger.Content.ReadAsStringAsync(Token)).RootElement;
        error.GetProperty("errorCode").GetString().ShouldBe("ERR_DIRECT_INVOKE");
        error.GetProperty("message").GetString().ShouldBe(
            "failed to invoke, id: callee, err: rpc error: code = PermissionDenied desc = access control policy has denied access to id: " +
            "spiffe://public/ns/default/other operation: hello verb: GET");
        app.Calls.ShouldBe(cases.Count(static one => one.Passes), "nothing that was refused reached the app");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invoke_OfAnAppThatSaysItIsAnother_IsJudgedByItsSidecar(bool host)
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.Of(host);
        await mesh.AddAsync("callee", app.Port, config: Config("deny", Named));
        var other = await mesh.AddAsync("other");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/invoke/callee/method/hello");
        request.Headers.Add("dapr-caller-app-id", "caller");
        request.Headers.Add("dapr-caller-namespace", "default");

        using var answer = await other.SendAsync(request, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        app.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Invoke_WithAPolicyOfAnotherTrustDomain_HasTheDefaultAction()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.InHost();
        await mesh.AddAsync("callee", app.Port, config: Config("deny", Named.Replace("\"public\"", "\"elsewhere\"", StringComparison.Ordinal)));
        var caller = await mesh.AddAsync("caller");

        using var answer = await SendAsync(caller, "GET", "hello");

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Invoke_WhereAllMayButOneOperation_RefusesThatAlone()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.InHost();
        await mesh.AddAsync("callee", app.Port, config: Config("allow", """
              - appId: caller
                trustDomain: "public"
                namespace: "default"
                operations:
                - {name: /secret, httpVerb: ["*"], action: deny}
            """));
        var caller = await mesh.AddAsync("caller");

        using var hello = await SendAsync(caller, "GET", "hello");
        using var secret = await SendAsync(caller, "GET", "secret");
        using var below = await SendAsync(caller, "GET", "secret/below");

        below.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        hello.StatusCode.ShouldBe(HttpStatusCode.OK);
        secret.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("- {trustDomain: public, namespace: default}", "appId")]
    [InlineData("- {appId: a, namespace: default}", "trustDomain")]
    [InlineData("- {appId: a, trustDomain: public}", "namespace")]
    public async Task Start_WithAPolicyThatNamesNotAll_SaysWhatIsMissing(string policy, string missing)
    {
        await using var mesh = CallMesh.InHost();

        var refused = await Should.ThrowAsync<SidecarException>(() => mesh.AddAsync("callee", config: Config("deny", "  " + policy)));

        refused.Message.ShouldContain(missing);
        refused.Message.ShouldContain("accessControl");
    }

    private static string Config(string otherwise, string policies) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Configuration
        metadata:
          name: config
        spec:
          accessControl:
            defaultAction: {otherwise}
            trustDomain: "public"
            policies:
        {string.Join('\n', policies.Split('\n').Select(static line => "    " + line))}
        """;

    private static Task<HttpResponseMessage> SendAsync(HttpClient sidecar, string verb, string path) =>
        sidecar.SendAsync(
            new HttpRequestMessage(new HttpMethod(verb), new Uri($"{sidecar.BaseAddress}v1.0/invoke/callee/method/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })),
            Token);
}
