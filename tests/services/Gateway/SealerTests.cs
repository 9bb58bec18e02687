using System.Security.Cryptography;
using HmsMesh.Gateway.Auth;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>What the gateway seals opens for its purpose, whole, however many requests seal at once.</summary>
public class SealerTests
{
    private readonly Sealer _sealer = new(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void Open_ForAnotherPurpose_IsNull() => _sealer.Open(_sealer.Seal("text", "a"), "b").ShouldBeNull();

    [Fact]
    public void Seal_ByManyAtOnce_IsOpenedWhole() => Parallel.For(
        0,
        20_000,
        new ParallelOptions { MaxDegreeOfParallelism = 16 },
        number => _sealer.Open(_sealer.Seal($"answer {number}", $"key {number}"), $"key {number}").ShouldBe($"answer {number}"));
}
