using HmsMesh.Kit;

namespace HmsMesh.Gateway.SignIn;

/// <summary>A browser that is signed in.</summary>
/// <param name="IdHash">The hash of the cookie's value; the value itself is in the browser alone.</param>
/// <param name="Caller">Who.</param>
/// <param name="Name">What the issuer calls him, for his own page.</param>
/// <param name="Ends">When it ends at the latest.</param>
internal sealed record Session(string IdHash, Caller Caller, string Name, DateTimeOffset Ends);
