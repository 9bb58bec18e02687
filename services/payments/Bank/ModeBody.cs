namespace HmsMesh.Payments.Bank;

/// <summary>The mode that the bank is to have.</summary>
internal sealed record ModeBody(string? Mode);
