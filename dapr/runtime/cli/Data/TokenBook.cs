using System.Security.Cryptography;
using System.Text;

namespace HmsMesh.Cli.Data;

/// <summary>Two secrets for each service, made at the first `up` and readable by their owner alone: what it shows to its sidecar, and
/// what its sidecar shows to it.</summary>
internal sealed class TokenBook(DataFolder data)
{
    private const int Bytes = 32;

    public string ApiToken(string service) => Read(Path.Combine(data.Tokens, service + ".api"));

    public string AppToken(string service) => Read(Path.Combine(data.Tokens, service + ".app"));

    private static string Read(string file)
    {
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } token)
            return token;
        token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        AtomicFile.Write(file, Encoding.ASCII.GetBytes(token));
        return token;
    }
}
