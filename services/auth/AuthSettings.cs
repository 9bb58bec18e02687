using HmsMesh.Kit;

namespace HmsMesh.Auth;

/// <summary>What the environment says, read once.</summary>
internal sealed class AuthSettings
{
    public AuthSettings(IConfiguration configuration)
    {
        // Services that check tokens may trust several issuers; this one is the first.
        if ((configuration["Auth:Issuer"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var issuer, ..])
            Issuer = Local("Auth__Issuer", issuer);
        Portal = Local("Auth__Portal", configuration["Auth:Portal"] is { Length: > 0 } portal ? portal.TrimEnd('/') : "http://127.0.0.1:6006");
        ClientsFile = configuration["Auth:Clients"];
        AccountsFile = configuration["Auth:Accounts"];
        AccessLifetime = Duration(configuration, "AccessLifetime", TimeSpan.FromMinutes(5));
        SessionLifetime = Duration(configuration, "SessionLifetime", TimeSpan.FromHours(8));
        KeyLifetime = Duration(configuration, "KeyLifetime", TimeSpan.FromDays(7));
    }

    /// <summary>Null: the address at which this service listens.</summary>
    public string? Issuer { get; }

    public string Portal { get; }

    /// <summary>Null: the one that is built in.</summary>
    public string? ClientsFile { get; }

    /// <summary>Null: the one that is built in.</summary>
    public string? AccountsFile { get; }

    public TimeSpan AccessLifetime { get; }

    public TimeSpan CodeLifetime { get; } = TimeSpan.FromMinutes(1);

    public TimeSpan SessionLifetime { get; }

    /// <summary>How long a key signs.</summary>
    public TimeSpan KeyLifetime { get; }

    /// <summary>How long a key is published before it signs, and after: longer than services keep what they fetched.</summary>
    public TimeSpan KeyOverlap { get; } = TimeSpan.FromHours(2);

    private static string Local(string key, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0
            ? address
            : throw new MeshConfigurationException(
                $"{key}: '{address}' is not on this machine. The built-in sign-in is for demonstration, on loopback only: "
                + "elsewhere let the gateway and the services trust an OpenID Connect issuer of yours.");

    private static TimeSpan Duration(IConfiguration configuration, string key, TimeSpan otherwise) =>
        configuration.Duration($"Auth__{key}", TimeSpan.FromSeconds(1), TimeSpan.MaxValue, "of a second or more, such as 00:05:00") ?? otherwise;
}
