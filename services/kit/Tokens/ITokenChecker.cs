namespace HmsMesh.Kit;

/// <summary>Checks tokens meant for this service. Routes say <c>.Needs(scope)</c>; this is for a door that takes other proofs too.</summary>
public interface ITokenChecker
{
    /// <summary>The caller whom <paramref name="token"/> names, or why it is refused.</summary>
    ValueTask<TokenCheck> CheckAsync(string token, CancellationToken cancellationToken);
}
