using System.Globalization;
using HmsMesh.Payments.Ach;
using HmsMesh.Payments.Payees;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>What is written, read by a reader that was written apart from it.</summary>
public class AchFileTests
{
    private static readonly DateTimeOffset Made = new(2026, 11, 27, 13, 5, 0, TimeSpan.Zero);
    private static readonly DateOnly Day = new(2026, 11, 27);
    private static readonly string[] Routings = ["021000021", "011401533", "091000019", "122105278", "322271627"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(1234)]
    public void Write_OfSomeEntries_ReadsAsTheSame(int count)
    {
        var random = new Random(count);
        var entries = Enumerable.Range(1, count).Select(n => Entry(random, n)).ToList();

        var read = AchReader.Read(AchFile.Write(Day, Made, entries));

        read.FileDate.ShouldBe("261127");
        read.CreditCents.ShouldBe(entries.Sum(e => e.Cents));
        read.Entries.Select(e => (e.Routing, e.Account, e.Cents, e.Transaction, e.Identification, e.Trace[8..]))
            .ShouldBe(entries.Select(e => (
                e.Payee.Routing, e.Payee.Account, e.Cents, e.Payee.Kind == Payee.Savings ? "32" : "22", e.Identification, e.Number.ToString("D7", CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Write_OfALargeHash_KeepsItsLastTenDigits()
    {
        var payee = new Payee("A", "322271627", "1234", Payee.Checking);
        var entries = Enumerable.Range(1, 400).Select(n => new AchEntry(payee, 1, "ID", n)).ToList();

        (32227162L * 400).ShouldBeGreaterThan(10_000_000_000);
        AchReader.Read(AchFile.Write(Day, Made, entries)).Entries.Count.ShouldBe(400);
    }

    [Theory]
    [InlineData("José Núñez", "JOSE NUNEZ")]
    [InlineData("Zoë O'Brien-Łukasz", "ZOE O'BRIEN-LUKASZ")]
    [InlineData("name\nwith\tcontrols", "NAME WITH CONTROLS")]
    [InlineData("A name of far more than twenty-two characters", "A NAME OF FAR MORE THA")]
    [InlineData("李", "")]
    public void Write_OfAnyName_KeepsToTheFormatsCharacters(string name, string expected)
    {
        var file = AchFile.Write(Day, Made, [new(new Payee(name, "021000021", "1234", Payee.Checking), 1, "ID", 1)]);

        AchReader.Read(file).Entries.ShouldHaveSingleItem().Name.ShouldBe(expected);
    }

    [Fact]
    public void Write_OfAnAmountThatDoesNotFit_IsRefused() => Should.Throw<InvalidOperationException>(
        () => AchFile.Write(Day, Made, [new(new Payee("A", "021000021", "1234", Payee.Checking), 10_000_000_000, "ID", 1)]));

    private static AchEntry Entry(Random random, int number)
    {
        var account = string.Concat(Enumerable.Range(0, random.Next(4, 18)).Select(_ => (char)('0' + random.Next(10))));
        var payee = new Payee($"Nobody {number}", Routings[random.Next(Routings.Length)], account, random.Next(2) == 0 ? Payee.Checking : Payee.Savings);
        return new(payee, random.NextInt64(1, 100_000_000), AchEntry.IdentificationOf(Guid.NewGuid().ToString()), number);
    }
}
