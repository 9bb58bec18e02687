using HmsMesh.Payments.Bank;
using HmsMesh.Payments.Payments;

namespace HmsMesh.Payments.Sending;

/// <summary>A payment that this instance has to itself for a while.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Order">What the bank is told; the same at each try.</param>
/// <param name="IsUnknown">It was tried before, and only the bank knows what came of it.</param>
internal sealed record LeasedPayment(Payment Payment, BankOrder Order, bool IsUnknown);
