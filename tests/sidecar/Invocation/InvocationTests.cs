using System.Net;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Tests.Invocation;

public class InvocationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_NothingConfigured_SidecarsFindEachOther(bool host)
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);

        (await caller.GetStringAsync("/v1.0/invoke/callee/method/hello", Token)).ShouldBe("hi");

        File.Exists(mesh.NamesFile).ShouldBe(!host);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_SeveralInstances_TakesTurns(bool host)
    {
        await using var one = await CallApp.SayingAsync("1");
        await using var two = await CallApp.SayingAsync("2");
        await using var mesh = CallMesh.Of(host);
        await mesh.AddAsync("callee", one.Port);
        await mesh.AddAsync("callee", two.Port);
        var caller = await mesh.AddAsync("caller");
        await BothFoundAsync(caller, one, two);

        var (first, second) = (one.Calls, two.Calls);
        for (var i = 0; i < 20; i++)
        {
            await caller.GetStringAsync("/v1.0/invoke/callee/method/hello", Token);
        }

        (one.Calls - first).ShouldBe(10);
        (two.Calls - second).ShouldBe(10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_OneInstanceStops_TheOtherAnswersAll(bool host)
    {
        await using var one = await CallApp.SayingAsync("1");
        await using var two = await CallApp.SayingAsync("2");
        await using var mesh = CallMesh.Of(host);
        var (stopped, _) = await mesh.StartAsync("callee", one.Port);
        await mesh.AddAsync("callee", two.Port);
        var caller = await mesh.AddAsync("caller");
        await BothFoundAsync(caller, one, two);

        await stopped.StopAsync(Token);

        for (var i = 0; i < 10; i++)
        {
            (await caller.GetStringAsync("/v1.0/invoke/callee/method/hello", Token)).ShouldBe("2");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_Anything_TellsTheOtherAppWhoCalls(bool host)
    {
        IHeaderDictionary? seen = null;
        await using var app = await CallApp.StartAsync(context =>
        {
            seen = new HeaderDictionary(context.Request.Headers.ToDictionary());
            return Task.CompletedTask;
        });
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port, change: options => options with { AppToken = "shown" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/invoke/callee/method/hello");
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["dapr-caller-app-id"] = "somebody",
            ["dapr-api-token"] = "secret",
            ["hms-mesh-fault"] = "x",
            ["X-Mine"] = "m",
            ["TE"] = "trailers",
            ["Proxy-Authorization"] = "x",
            ["X-Once"] = "1",
            ["Connection"] = "X-Once",
            ["Upgrade"] = "websocket",
            ["X-Forwarded-For"] = "1.2.3.4",
        })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await caller.SendAsync(request, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        seen.ShouldNotBeNull();
        seen["dapr-caller-app-id"].ToString().ShouldBe("caller");
        seen["dapr-callee-app-id"].ToString().ShouldBe("callee");
        seen["dapr-caller-namespace"].ToString().ShouldBe("default");
        seen["dapr-api-token"].ToString().ShouldBe("shown");
        seen["X-Forwarded-For"].ToString().ShouldStartWith("1.2.3.4,");
        seen["X-Mine"].ToString().ShouldBe("m");
        seen["traceparent"].ToString().ShouldStartWith("00-");
        string.Join(' ', seen.Keys.Where(static key => key is "TE" or "X-Once" or "Upgrade" or "Proxy-Authorization" || key.StartsWith("hms-", StringComparison.Ordinal))).ShouldBe("");
    }

    /// <summary>Calls until each of the instances was called.</summary>
    private static async Task BothFoundAsync(HttpClient caller, CallApp one, CallApp two)
    {
        using var patience = Patience.Of(Token);
        while (two.Calls == 0 || one.Calls == 0)
        {
            await caller.GetStringAsync("/v1.0/invoke/callee/method/hello", patience.Token);
        }
    }
}
