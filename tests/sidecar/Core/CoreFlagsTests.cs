using System.Text.Json;

namespace HmsMesh.Sidecar.Tests.Core;

public class CoreFlagsTests
{
    private static readonly Dictionary<string, string> None = [];

    public static TheoryData<string, string> Flags { get; } = Read();

    /// <summary>Those whose value isn't just any text.</summary>
    public static TheoryData<string> FlagsOfAForm { get; } =
        [.. Definitions().Where(static flag => !flag.Type.StartsWith("string", StringComparison.Ordinal)).Select(static flag => flag.Name)];

    [Fact]
    public void Names_AreDaprds_AllAndNoOthers() =>
        SidecarFlags.Names.Order(StringComparer.Ordinal).ShouldBe(Definitions().Select(flag => flag.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Flags))]
    public void Parse_EachFlagInEachForm_SaysTheSame(string name, string type)
    {
        var value = Value(name, type);
        string[] id = name == "app-id" ? [] : ["--app-id", "app"];
        var joined = SidecarFlags.Parse([.. id, $"--{name}={value}"], None);
        var single = SidecarFlags.Parse([.. id, $"-{name}={value}"], None);
        var apart = SidecarFlags.Parse(type == "bool" ? [.. id, $"--{name}"] : [.. id, $"--{name}", value], None);

        Json(single).ShouldBe(Json(joined));
        Json(apart).ShouldBe(Json(joined));
        (joined.Ignored.Contains(name) || Json(joined) != Json(SidecarFlags.Parse(["--app-id", "app"], None)) || IsDefault(name))
            .ShouldBeTrue($"--{name} is neither named as ignored nor does it change anything");
    }

    [Theory]
    [MemberData(nameof(FlagsOfAForm))]
    public void Parse_ValueOfTheWrongForm_NamesTheFlag(string name) =>
        Should.Throw<SidecarException>(() => SidecarFlags.Parse(["--app-id", "app", $"--{name}=nonsense"], None)).Message.ShouldContain($"--{name}");

    [Theory]
    [InlineData("--nonsense", "1", "--nonsense")]
    [InlineData("--app-port", null, "--app-port")]
    [InlineData("orders", null, "orders")]
    [InlineData("--dapr-http-port", "70000", "70000")]
    [InlineData("--app-port", "-1", "-1")]
    [InlineData("--max-body-size", "4Furlongs", "4Furlongs")]
    [InlineData("--read-buffer-size", "-4Ki", "-4Ki")]
    [InlineData("--app-protocol", "carrier-pigeon", "carrier-pigeon")]
    [InlineData("--app-health-threshold", "0", "'0'")]
    public void Parse_WrongFlag_SaysWhich(string flag, string? value, string said) =>
        Should.Throw<SidecarException>(() => SidecarFlags.Parse(value is null ? ["--app-id", "app", flag] : ["--app-id", "app", flag, value], None))
            .Message.ShouldContain(said);

    [Fact]
    public void Parse_NoAppId_SaysHowToGiveOne() =>
        Should.Throw<SidecarException>(() => SidecarFlags.Parse([], None)).Message.ShouldContain("--app-id");

    [Theory]
    [InlineData("64Ki", 65_536)]
    [InlineData("4Mi", 4_194_304)]
    [InlineData("1.5Mi", 1_572_864)]
    [InlineData("1M", 1_000_000)]
    [InlineData("4096", 4_096)]
    public void Parse_Quantity_IsBytes(string text, long bytes) =>
        SidecarFlags.Parse(["--app-id", "app", "--max-body-size", text, "--dapr-http-max-request-size", "1"], None).MaxBodySize.ShouldBe(bytes);

    [Fact]
    public void Parse_HealthSettingsBeforeTheirSwitch_Count()
    {
        var options = SidecarFlags.Parse(
            ["--app-id", "app", "--app-health-probe-timeout", "250", "--app-health-check-path=/ok", "--enable-app-health-check", "--app-health-threshold", "5"], None);
        options.AppHealth.ShouldBe(new AppHealthOptions { Path = "/ok", Timeout = TimeSpan.FromMilliseconds(250), Threshold = 5 });
        SidecarFlags.Parse(["--app-id", "app", "--app-health-threshold", "5"], None).AppHealth.ShouldBeNull();
    }

    [Fact]
    public void Parse_RepeatedAndListed_AddUp() =>
        SidecarFlags.Parse(["--app-id", "app", "--resources-path", "a,b", "--resources-path=c", "--components-path", "d"], None)
            .ResourcesPaths.ShouldBe(["a", "b", "c", "d"]);

    [Fact]
    public void Parse_Environment_GivesTokensAndNamespace()
    {
        var environment = new Dictionary<string, string> { ["DAPR_API_TOKEN"] = "one", ["APP_API_TOKEN"] = "two", ["NAMESPACE"] = "three" };
        var options = SidecarFlags.Parse(["--app-id", "app"], environment);
        (options.ApiToken, options.AppToken, options.Namespace).ShouldBe(("one", "two", "three"));
        var none = SidecarFlags.Parse(["--app-id", "app"], new Dictionary<string, string> { ["DAPR_API_TOKEN"] = "" });
        none.ApiToken.ShouldBeNull();
    }

    [Fact]
    public void Parse_BlockShutdown_IsAGoDuration() =>
        SidecarFlags.Parse(["--app-id", "app", "--dapr-block-shutdown-duration", "1m30s"], None).BlockShutdown.ShouldBe(TimeSpan.FromSeconds(90));

    private static TheoryData<string, string> Read()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, type) in Definitions())
        {
            data.Add(name, type);
        }

        return data;
    }

    private static List<(string Name, string Type)> Definitions()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(TestData.Path("flags.json")));
        return [.. document.RootElement.GetProperty("daprd").EnumerateObject().Select(flag => (flag.Name, flag.Value.GetProperty("type").GetString()!))];
    }

    private static string Value(string name, string type) => (name, type) switch
    {
        ("app-protocol", _) => "h2c",
        ("log-level", _) => "debug",
        ("max-body-size" or "read-buffer-size", _) => "8Ki",
        ("app-port" or "dapr-http-port" or "dapr-internal-grpc-port", _) => "4321",
        (_, "bool") => "true",
        (_, "int" or "uint") => "7",
        (_, "duration") => "90s",
        _ => "thing",
    };

    // What only counts together with another flag.
    private static bool IsDefault(string name) => name.StartsWith("app-health-", StringComparison.Ordinal) || name == "app-id";

    private static string Json(SidecarOptions options) => JsonSerializer.Serialize(options);
}
