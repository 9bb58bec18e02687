namespace HmsMesh.Payments.Payees;

/// <summary>As much of a payee as is ever told.</summary>
internal sealed record PayeeView(string Routing, string AccountEnding, string Kind);
