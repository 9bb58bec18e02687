using System.Security.Cryptography;
using System.Text;

namespace HmsMesh.Kit.Tests;

/// <summary>What is sealed opens whole, where it belongs, and nowhere else.</summary>
public class SealedBoxTests
{
    private readonly SealedBox _box = new(RandomNumberGenerator.GetBytes(32));

    [Theory]
    [InlineData("")]
    [InlineData("021000021 and 4567")]
    public void Open_OfWhatWasSealed_IsIt(string text)
    {
        var whole = _box.Seal(Encoding.UTF8.GetBytes(text), "row 1"u8);

        Encoding.UTF8.GetString(_box.Open(whole, "row 1"u8)).ShouldBe(text);
        whole.Length.ShouldBe(Encoding.UTF8.GetByteCount(text) + SealedBox.Overhead);
        whole.ShouldNotBe(_box.Seal(Encoding.UTF8.GetBytes(text), "row 1"u8));
    }

    [Fact]
    public void Open_ElsewhereOrByAnotherKey_IsRefused()
    {
        var whole = _box.Seal("text"u8, "row 1"u8);

        Should.Throw<CryptographicException>(() => _box.Open(whole, "row 2"u8));
        Should.Throw<CryptographicException>(() => new SealedBox(RandomNumberGenerator.GetBytes(32)).Open(whole, "row 1"u8));
        Should.Throw<CryptographicException>(() => _box.Open(whole.AsSpan(0, SealedBox.Overhead - 1), "row 1"u8));
    }

    [Fact]
    public void Open_WithAnyByteChanged_IsRefused()
    {
        var whole = _box.Seal("text"u8, []);
        for (var place = 0; place < whole.Length; place++)
        {
            var changed = whole.ToArray();
            changed[place] ^= 1;
            Should.Throw<CryptographicException>(() => _box.Open(changed, []));
        }
    }

    [Fact]
    public void Of_OneSecretForTwoUses_AreTwoKeys()
    {
        var secret = RandomNumberGenerator.GetBytes(16);
        var whole = SealedBox.Of(secret, "one"u8).Seal("text"u8, []);

        SealedBox.Of(secret, "one"u8).Open(whole, []).ShouldBe("text"u8.ToArray());
        Should.Throw<CryptographicException>(() => SealedBox.Of(secret, "other"u8).Open(whole, []));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(0)]
    public void Key_OfAnotherLength_IsRefused(int length) => Should.Throw<ArgumentOutOfRangeException>(() => new SealedBox(new byte[length]));
}
