using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapr.Client;

namespace HmsMesh.Kit.Tests;

public partial class SurfaceTests
{
    private static readonly Assembly Sdk = typeof(DaprClient).Assembly;
    private static readonly Dictionary<string, List<string>> Official = Read();

    public static TheoryData<string> Types => [.. Sdk.GetExportedTypes().Select(t => t.FullName!)];

    [Fact]
    public void Sdk_Surface_HasWhatServicesUse() => Types.Count.ShouldBeGreaterThan(15);

    [Theory, MemberData(nameof(Types))]
    public void Type_EveryPublicMember_IsTheOfficialOne(string fullName)
    {
        var type = Sdk.GetType(fullName)!;
        var name = SignatureText.Name(type, qualified: true);
        Official.ShouldContainKey(name);
        var known = Official[name].Select(SignatureText.Normalize).ToHashSet(StringComparer.Ordinal);

        foreach (var member in SignatureText.Members(type))
        {
            known.ShouldContain(SignatureText.Normalize(member), $"{name} has no such member officially:\n{string.Join("\n", known)}");
        }
    }

    [Theory]
    [InlineData("Dapr.Client.DaprClient", "PublishEventAsync", 4)]
    [InlineData("Dapr.Client.DaprClient", "PublishByteEventAsync", 1)]
    [InlineData("Dapr.Client.DaprClient", "GetSecretAsync", 1)]
    [InlineData("Dapr.Client.DaprClient", "GetBulkSecretAsync", 1)]
    [InlineData("Dapr.Client.DaprClient", "CheckHealthAsync", 1)]
    [InlineData("Dapr.Client.DaprClient", "InvokeMethodAsync", 10)]
    [InlineData("Dapr.Client.DaprClient", "CreateInvokeMethodRequest", 6)]
    [InlineData("Dapr.Client.DaprClient", "InvokeMethodWithResponseAsync", 1)]
    [InlineData("Dapr.Client.DaprClient", "CreateInvokeHttpClient", 1)]
    [InlineData("Dapr.Client.DaprClient", "CreateInvokableHttpClient", 1)]
    [InlineData("Dapr.Client.DaprClient", "GetStateAsync", 1)]
    [InlineData("Dapr.Client.DaprClient", "GetBulkStateAsync", 2)]
    [InlineData("Dapr.Client.DaprClient", "SaveStateAsync", 1)]
    [InlineData("Dapr.Client.DaprClient", "TrySaveStateAsync", 1)]
    [InlineData("Dapr.Client.DaprClient", "ExecuteStateTransactionAsync", 1)]
    [InlineData("Microsoft.AspNetCore.Builder.DaprEndpointConventionBuilderExtensions", "WithTopic", 5)]
    [InlineData("Microsoft.AspNetCore.Builder.DaprEndpointRouteBuilderExtensions", "MapSubscribeHandler", 2)]
    [InlineData("Microsoft.AspNetCore.Builder.DaprApplicationBuilderExtensions", "UseCloudEvents", 2)]
    [InlineData("Microsoft.Extensions.DependencyInjection.DaprServiceCollectionExtensions", "AddDaprClient", 2)]
    public void Type_Overloads_AreAllThere(string type, string method, int count) =>
        Sdk.GetType(type)!.GetMethods().Count(m => m.Name == method).ShouldBe(count);

    /// <summary>Without the names in a tuple, and without what a field begins with: reflection tells neither.</summary>
    private static string Plain(string member)
    {
        var plain = TupleNames().Replace(member, "(${value}, ${etag})");
        return plain.EndsWith(')') || !plain.Contains(" = ", StringComparison.Ordinal) ? plain : plain[..plain.IndexOf(" = ", StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"\((?<value>\S+) value, (?<etag>\S+) etag\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TupleNames();

    private static Dictionary<string, List<string>> Read()
    {
        using var stream = typeof(SurfaceTests).Assembly.GetManifestResourceStream("sdk-surface.json")!;
        using var document = JsonDocument.Parse(stream);

        // "Dapr.Client: class Dapr.Client.DaprClient"
        return document.RootElement.GetProperty("types").EnumerateObject().ToDictionary(
            t => t.Name[(t.Name.LastIndexOf(' ') + 1)..], t => t.Value.EnumerateArray().Select(m => Plain(m.GetString()!)).ToList(), StringComparer.Ordinal);
    }
}
