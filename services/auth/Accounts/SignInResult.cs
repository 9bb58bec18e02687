namespace HmsMesh.Auth.Accounts;

/// <summary>What came of a try to sign in.</summary>
/// <param name="Account">Null where it failed.</param>
/// <param name="LockedFor">Set where too many tries failed before.</param>
internal sealed record SignInResult(Account? Account, TimeSpan? LockedFor = null);
