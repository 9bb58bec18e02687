namespace HmsMesh.Payments;

/// <summary>What tokens must allow.</summary>
internal static class Scopes
{
    public const string Operate = "payments.operate";

    public const string WritePayee = "payee.write";
}
