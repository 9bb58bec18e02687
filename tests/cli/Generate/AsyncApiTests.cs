using System.Text.Json.Nodes;
using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Tests.Generate;

/// <summary>The services' files as others read them: AsyncAPI's own parser, and ajv for JSON Schema draft 7.</summary>
[Trait("Category", "Slow")]
public class AsyncApiTests(NodeTools node) : IClassFixture<NodeTools>
{
    [Fact]
    public async Task Documents_ByAsyncApisParser_AreValidAndSayWhatGenerateTookFromThem()
    {
        var problems = new List<Problem>();
        var mesh = MeshReader.Read(Repository.Root, problems).ShouldNotBeNull();
        problems.ShouldBeEmpty();

        var read = await CheckAsync(mesh.Services.Select(service => Path.Combine(Repository.Root, service.Source.File)));

        read.Count.ShouldBe(mesh.Services.Count);
        foreach (var (service, document) in mesh.Services.Zip(read))
        {
            Faults(document).ShouldBeEmpty();
            var operations = document["operations"]!.AsArray();
            Addresses(operations, "send").ShouldBe(service.Says.Select(said => said.Topic), ignoreOrder: true);
            Addresses(operations, "receive").ShouldBe(service.Hears.Select(heard => heard.Pattern), ignoreOrder: true);
            operations.ShouldAllBe(operation => operation!["payloads"]!.AsArray().All(title => title != null));
        }
    }

    [Fact]
    public async Task Contracts_ByAjv_AreSchemasOfDraft7AndTheirExamplesPass()
    {
        var contracts = ServiceFolders.In(Repository.Root).Select(folder => Path.Combine(Repository.Root, folder, "contracts")).Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.json")).ToList();
        contracts.Count.ShouldBeGreaterThanOrEqualTo(6);

        var read = await CheckAsync(contracts);

        read.Count.ShouldBe(contracts.Count);
        read.ShouldAllBe(contract => Faults(contract).Count == 0);
    }

    [Fact]
    public async Task Broken_ByTheSameTools_AreFound()
    {
        using var clone = TestClone.OfTwo();
        var (document, contract) = ("services/capacity/asyncapi.yaml", "services/capacity/contracts/afrh.capacity.low.json");
        clone.Change(contract, "{\"bedsFree\": 4}", "{\"bedsFree\": \"four\"}");
        clone.Change(document, "action: send", "action: shout");

        var read = await CheckAsync([Path.Combine(clone.Root, document), Path.Combine(clone.Root, contract)]);

        Faults(read[0]).ShouldNotBeEmpty();
        Faults(read[1]).ShouldHaveSingleItem().ShouldContain("/examples/0");
    }

    private async Task<IReadOnlyList<JsonNode>> CheckAsync(IEnumerable<string> files) =>
        [.. (await node.CheckAsync(files, TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!)];

    private static List<string> Faults(JsonNode read) => [.. read["faults"]!.AsArray().Select(fault => (string)fault!)];

    private static IEnumerable<string> Addresses(JsonArray operations, string action) =>
        operations.Where(operation => (string)operation!["action"]! == action).Select(operation => (string)operation!["address"]!);
}
