namespace HmsMesh.Documents.Storing;

/// <summary>Why a document is not taken.</summary>
/// <param name="Reason">For the log.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="Text">For the citizen.</param>
/// <param name="IsOfFile">Whether the file itself is at fault.</param>
internal sealed record Refusal(string Reason, int Status, Func<Words, string> Text, bool IsOfFile = true)
{
    public static readonly Refusal Empty = new("it is empty", 422, w => w.Empty);
    public static readonly Refusal TooLarge = new("it is too large", 413, w => w.TooLarge);
    public static readonly Refusal Unknown = new("its content is no PDF, PNG or JPEG", 415, w => w.Unknown);
    public static readonly Refusal NotAsSaid = new("its content is not what its type says", 415, w => w.NotAsSaid);
    public static readonly Refusal Damaged = new("it is damaged", 422, w => w.Damaged);
    public static readonly Refusal Encoded = new("it is encoded", 415, w => w.Encoded, false);
    public static readonly Refusal OtherDigest = new("its digest is another", 422, w => w.OtherDigest);
    public static readonly Refusal NoDigest = new("the digest cannot be read", 400, w => w.NoDigest, false);
    public static readonly Refusal BadKey = new("the key is none", 400, w => w.BadKey, false);
    public static readonly Refusal KeyUsed = new("the key was used for another", 422, w => w.KeyUsed, false);
    public static readonly Refusal Full = new("the citizen has as many as may be", 409, w => w.Full, false);
    public static readonly Refusal Broken = new("it did not arrive whole", 400, w => w.Broken, false);
    public static readonly Refusal NoRoom = new("the disk failed", 503, w => w.NoRoom, false);
}
