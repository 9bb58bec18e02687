using HmsMesh.Claims.Decisions;

namespace HmsMesh.Claims.Filing;

/// <summary>What the payment of an approved claim means to its citizen, and what he or she can do. Before there is word of it, the
/// explanation is that of the rule that decided.</summary>
internal static class PaymentWords
{
    private static readonly Explanation Paid = new(
        "We sent {amount} dollars to your account. Your bank may take a day to show them.",
        "Enviamos {amount} dólares a su cuenta. Su banco puede tardar un día en mostrarlos.");

    private static readonly Explanation Returned = new(
        "Your bank sent the {amount} dollars back to us: they are not in your account. Check the account that you gave us, and correct it, so that they can reach you.",
        "Su banco nos devolvió los {amount} dólares: no están en su cuenta. Revise la cuenta que nos dio y corríjala, para que puedan llegarle.");

    private static readonly Explanation NotPaid = new(
        "We could not pay the {amount} dollars into your account. Check the account that you gave us, and correct it if something is wrong in it.",
        "No pudimos pagar los {amount} dólares en su cuenta. Revise la cuenta que nos dio y corríjala si algo no está bien.");

    /// <param name="payments">What payments said of the claim, the latest last.</param>
    public static Explanation? Of(IReadOnlyList<PaymentNews> payments) => payments switch
    {
        [.., { Step: Status.Paid }] => Paid,
        [.., { Step: Status.PaymentFailed }] => payments.Any(p => p.Step == Status.Paid) ? Returned : NotPaid,
        _ => null,
    };
}
