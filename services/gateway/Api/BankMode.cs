using System.ComponentModel.DataAnnotations;

namespace HmsMesh.Gateway.Api;

/// <summary>How the bank simulator behaves.</summary>
/// <param name="Mode">ok, fail, slow, silent, return or forgetful.</param>
internal sealed record BankMode([property: Required, AllowedValues("ok", "fail", "slow", "silent", "return", "forgetful")] string Mode);
