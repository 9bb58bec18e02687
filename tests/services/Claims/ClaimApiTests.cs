namespace HmsMesh.Services.Tests.Claims;

/// <summary>The API of claims, on SQLite.</summary>
public class ClaimApiTests(ClaimsMesh claims) : ClaimApi(claims), IClassFixture<ClaimsMesh>;
