namespace HmsMesh.Payments.Holds;

/// <summary>Why a decision is not taken.</summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Code">For a page that has words of its own.</param>
/// <param name="Title">In short.</param>
/// <param name="Detail">And what to do.</param>
internal sealed record Refusal(int Status, string Code, string Title, string Detail)
{
    public static readonly Refusal NoPayment = new(404, "no-payment", "No such payment", "There is no payment of this id.");

    public static readonly Refusal NotHeld = new(
        409, "not-held", "Not held", "The payment is not held, so there is nothing to decide: it was decided already, or never held. See its status.");

    public static readonly Refusal BankHasIt = new(
        409, "bank-has-it", "The bank has it", "The bank has an entry over this payment's whole amount. Release it: it is then booked as sent, and not paid again.");

    public static readonly Refusal KeyUsed = new(
        422, "key-used", "The key was used already", "This Idempotency-Key was used for another decision. Take a new key.");
}
