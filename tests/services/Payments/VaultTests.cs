using System.Security.Cryptography;
using HmsMesh.Payments.Payees;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>What the vault seals opens for its owner, whole, and for nobody else.</summary>
public class VaultTests
{
    private static readonly Payee Someone = new("Nobody Example", "021000021", "1234567890", Payee.Checking);
    private readonly Vault _vault = new(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void Open_OfWhatWasSealed_IsTheSame() => _vault.Open(_vault.Seal(Someone, "a"), "a").ShouldBe(Someone);

    [Fact]
    public void Seal_Twice_IsNeverTheSame() => _vault.Seal(Someone, "a").ShouldNotBe(_vault.Seal(Someone, "a"));

    [Fact]
    public void Open_ForAnother_Throws() => Should.Throw<CryptographicException>(() => _vault.Open(_vault.Seal(Someone, "a"), "b"));

    [Fact]
    public void Open_ByAnotherKey_Throws() =>
        Should.Throw<CryptographicException>(() => new Vault(RandomNumberGenerator.GetBytes(32)).Open(_vault.Seal(Someone, "a"), "a"));

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    public void Open_OfNothingSealed_Throws(string text) => Should.Throw<CryptographicException>(() => _vault.Open(text, "a"));

    [Fact]
    public void Open_OfAnyChangedByte_Throws()
    {
        var bytes = Convert.FromBase64String(_vault.Seal(Someone, "a"));
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;
            Should.Throw<CryptographicException>(() => _vault.Open(Convert.ToBase64String(changed), "a"));
        }
    }

    [Fact]
    public void ToString_OfAPayee_SaysNothing()
    {
        Someone.ToString().ShouldNotContain("1234567890");
        new PayeeBody("Nobody", "021000021", "1234567890", "checking").ToString().ShouldNotContain("1234567890");
    }

    [Theory]
    [InlineData("021000021", true)]
    [InlineData("011401533", true)]
    [InlineData("021000012", false)]
    [InlineData("000000000", false)]
    [InlineData("02100002", false)]
    [InlineData("02100002a", false)]
    public void IsValid_OfARoutingNumber_ChecksItsDigits(string number, bool valid) => RoutingNumber.IsValid(number).ShouldBe(valid);

    [Fact]
    public void DemoPayees_AsShipped_AreValid() =>
        DemoPayees.Read().ShouldAllBe(p => new PayeeBody(p.Holder, p.Routing, p.Account, p.Kind).Faults().Count == 0);
}
