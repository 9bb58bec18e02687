using System.Globalization;
using HmsMesh.Gateway.Auth;
using HmsMesh.Kit;

namespace HmsMesh.Gateway;

/// <summary>What configuration says of the door.</summary>
internal sealed record GatewayOptions
{
    /// <summary>Where citizens sign in: the first of Auth__Issuer.</summary>
    public string? Issuer { get; init; }

    /// <summary>Where tokens of every trusted issuer are exchanged for those of services: Auth__Exchange, or where citizens sign in.</summary>
    public string? Exchange { get; init; }

    /// <summary>Citizens sign in where tokens are exchanged.</summary>
    public bool HasOneIssuer => Exchange == Issuer;

    /// <summary>How the issuer at which citizens sign in knows the door.</summary>
    public string ClientId { get; init; } = OpenIdClient.DoorId;

    /// <summary>Requests that one caller may make at once.</summary>
    public int Burst { get; init; } = 200;

    /// <summary>Requests a second that one caller may make for long.</summary>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>Requests that may come from one address at once, whoever makes them: those that the door refuses count too.</summary>
    public int AddressBurst { get; init; } = 800;

    /// <summary>Requests a second that may come from one address for long.</summary>
    public int AddressRequestsPerSecond { get; init; } = 200;

    /// <summary>Streams that one caller may have open.</summary>
    public int Streams { get; init; } = 20;

    /// <summary>Streams that may be open from one address, of all who did not say who they are.</summary>
    public int StreamsPerAddress { get; init; } = 100;

    /// <summary>Forwarded requests and their answers' beginnings take no longer.</summary>
    public TimeSpan ForwardLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The folder of npm's package @uswds/uswds. It need not be there.</summary>
    public string DesignSystem { get; init; } = Path.Combine(AppContext.BaseDirectory, "..", "node_modules", "@uswds", "uswds");

    public static GatewayOptions From(IConfiguration configuration)
    {
        var given = new GatewayOptions();
        var (burst, perSecond) = (Positive(configuration, "Gateway:Burst", given.Burst), Positive(configuration, "Gateway:RequestsPerSecond", given.RequestsPerSecond));
        var issuers = configuration["Auth:Issuer"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return given with
        {
            Issuer = issuers.FirstOrDefault(),
            Exchange = ExchangeOf(configuration["Auth:Exchange"], issuers),
            ClientId = configuration["Auth:ClientId"] is { Length: > 0 } id ? id : given.ClientId,
            DesignSystem = configuration["Gateway:DesignSystem"] is { Length: > 0 } folder ? folder : given.DesignSystem,
            Burst = burst,
            RequestsPerSecond = perSecond,
            Streams = Positive(configuration, "Gateway:Streams", given.Streams),
            StreamsPerAddress = Positive(configuration, "Gateway:StreamsPerAddress", given.StreamsPerAddress),
            AddressBurst = Positive(configuration, "Gateway:AddressBurst", Fourfold(burst)),
            AddressRequestsPerSecond = Positive(configuration, "Gateway:AddressRequestsPerSecond", Fourfold(perSecond)),
        };
    }

    // The services must trust what is given in exchange, and so must the door, which checks nothing else of it.
    private static string? ExchangeOf(string? exchange, string[] issuers) =>
        string.IsNullOrEmpty(exchange) ? issuers.FirstOrDefault()
        : issuers.Contains(exchange, StringComparer.Ordinal) ? exchange
        : throw new MeshConfigurationException($"Auth__Exchange: '{exchange}' is none of those that Auth__Issuer names.");

    private static int Fourfold(int number) => (int)Math.Min(int.MaxValue, 4L * number);

    private static int Positive(IConfiguration configuration, string key, int otherwise) => configuration[key] switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 => value,
        var text => throw new MeshConfigurationException($"{key.Replace(":", "__", StringComparison.Ordinal)}: '{text}' is no number above 0."),
    };
}
