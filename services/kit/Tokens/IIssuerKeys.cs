using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Kit;

/// <summary>The signing keys of the trusted issuers, for a service that is a client of one and checks what it is told, such as ID tokens.</summary>
public interface IIssuerKeys
{
    /// <summary>The key of that id, asked for once more where it is not known yet; null where the issuer has none, or is not trusted.
    /// Throws <see cref="IssuerUnavailableException"/> where nobody can tell.</summary>
    ValueTask<SecurityKey?> FindAsync(string issuer, string id, CancellationToken cancellationToken);
}
