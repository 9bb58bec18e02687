namespace HmsMesh.Gateway.Idempotency;

/// <summary>An answer, kept to be given again.</summary>
internal sealed record KeptAnswer(int Status, string? ContentType, string? Location, byte[] Body)
{
    /// <summary>What a second try could make better is not kept: too many requests.</summary>
    public bool IsFinal => Status is not (StatusCodes.Status408RequestTimeout or 425 or StatusCodes.Status429TooManyRequests) && Status < 500;
}
