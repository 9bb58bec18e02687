using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using HmsMesh.Kit;

namespace HmsMesh.Gateway.Identity;

/// <summary>What the door itself calls its callers, in its books and its log. Whom the issuer that exchanges tokens names has an opaque
/// id; another issuer's name may be a mail address, or what someone else is called elsewhere, and stays out.</summary>
internal sealed class Subjects(GatewayOptions options)
{
    private const int Length = 22;

    public Caller Named(Caller caller) => string.Equals(caller.Issuer, options.Exchange, StringComparison.Ordinal)
        ? caller
        : caller with
        {
            Subject = "ext-" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Issuer}\n{caller.Subject}")))[..Length],
        };
}
