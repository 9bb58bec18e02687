using System.Text.RegularExpressions;
using HmsMesh.Cli.Tests.Generate;
using HmsMesh.Contracts;

namespace HmsMesh.Cli.Tests.Commands;

/// <summary>What the READMEs tell a reader to type is what the commands take, and what they point at is there.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] Files =
    [
        .. Directory.GetFiles(Repository.Root, "*.md"),
        .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md"),
        .. ServiceFolders.In(Repository.Root).Select(folder => Path.Combine(Repository.Root, folder, "README.md")).Where(File.Exists),
    ];

    [Fact]
    public void MeshCommands_Parse()
    {
        var root = HmsMesh.Cli.Commands.Create(new MeshContext { Root = Repository.Root });
        var commands = Commands().Where(command => command.Words[0] != "sidecar").ToList();
        commands.Count.ShouldBeGreaterThan(10);
        foreach (var (file, words) in commands)
            root.Parse(words).Errors.Select(error => error.Message).ShouldBeEmpty($"{file}: mesh {string.Join(' ', words)}");
    }

    [Fact]
    public void MeshCommands_NameTopicsAndServicesThatAreThere()
    {
        var services = ServiceFolders.In(Repository.Root).Where(folder => File.Exists(Path.Combine(Repository.Root, folder, "asyncapi.yaml")))
            .Select(folder => Path.GetFileName(folder)).ToList();
        foreach (var (file, words) in Commands())
        {
            if (words is ["publish", var topic, var json, ..])
            {
                var contract = HmsMesh.Cli.Publish.TopicContracts.Find(new MeshContext { Root = Repository.Root }, topic);
                StrictJson.Parse(System.Text.Encoding.UTF8.GetBytes(json), ContractLimits.DataBytes, out var data).ShouldBeNull($"{file}: {json}");
                contract.Check(data).Faults.ShouldBeEmpty($"{file}: {json}");
            }

            if (words is ["call" or "stop" or "start" or "restart" or "logs", var service, ..] && char.IsAsciiLetterLower(service[0]))
                services.ShouldContain(service, $"{file}: mesh {string.Join(' ', words)}");
        }
    }

    [Fact]
    public void Dormitories_AreOfTheSeed()
    {
        var seed = string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "services", "capacity", "database"), "*.sql").Select(File.ReadAllText));
        var named = Commands().SelectMany(command => command.Words).Select(word => Dormitory().Match(word)).Where(match => match.Success)
            .Select(match => match.Groups["id"].Value).ToList();
        named.ShouldNotBeEmpty();
        named.ShouldAllBe(dormitory => seed.Contains($"'{dormitory}'", StringComparison.Ordinal));
    }

    [Fact]
    public void Paths_AreThere()
    {
        foreach (var file in Files)
        {
            var text = File.ReadAllText(file);
            var links = Link().Matches(text).Select(match => Path.Combine(Path.GetDirectoryName(file)!, match.Groups["path"].Value));
            foreach (var path in links)
                Path.Exists(path).ShouldBeTrue($"{file} names {path}");
        }

        var words = Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")))
            .SelectMany(block => block.Groups["body"].Value.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
            .Where(word => RepositoryPath().IsMatch(word)).ToList();
        words.ShouldContain("samples/bus.cs");
        words.ShouldAllBe(word => Path.Exists(Path.Combine(Repository.Root, word)));
    }

    /// <summary>Each line `./mesh ...` of a shell block, as words; choices in brackets are left to --help.</summary>
    private static IEnumerable<(string File, string[] Words)> Commands() =>
        from file in Files
        from Match block in Block().Matches(File.ReadAllText(file))
        from line in block.Groups["body"].Value.Split('\n')
        let command = line.Trim()
        where command.StartsWith("./mesh ", StringComparison.Ordinal)
        select (Path.GetRelativePath(Repository.Root, file), Word().Matches(Comment().Replace(command["./mesh ".Length..], ""))
            .Select(match => match.Value.Trim('\'')).ToArray());

    [GeneratedRegex(@"^```\w*[ ]*\n(?<body>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Block();

    [GeneratedRegex(@"'[^']*'|\S+", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"\s+#.*$", RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(@"/dormitories/(?<id>[^/?]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Dormitory();

    [GeneratedRegex(@"\]\((?<path>[^)#:\s]+)[)#]", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"^(\./)?(samples|dapr|services|components|docs|tests)(/\S*)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RepositoryPath();
}
