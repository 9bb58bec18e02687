using Dapper;
using HmsMesh.Payments.Ledger;
using HmsMesh.Payments.Payments;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>The journal's table cannot be brought out of balance, whatever is written to it.</summary>
public sealed class LedgerTests : IAsyncDisposable
{
    private static readonly Posting[] Postings = [Posting.Approved, Posting.Sent, Posting.Refused, Posting.Returned];
    private readonly SqliteConnection _db = new("Data Source=:memory:");

    public LedgerTests()
    {
        _db.Open();
        using var sql = new StreamReader(typeof(Posting).Assembly.GetManifestResourceStream("database/001-payments.sql")!);
        _db.Execute(sql.ReadToEnd());
    }

    public ValueTask DisposeAsync() => _db.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Ledger_AfterAnyPostings_IsBalancedAndAsTheModelSays(int seed)
    {
        var random = new Random(seed);
        var model = Posting.Accounts.ToDictionary(a => a, _ => 0L);
        var booked = new HashSet<(string, string)>();
        for (var i = 0; i < 300; i++)
        {
            var payment = $"p{random.Next(60)}";
            var posting = Postings[random.Next(Postings.Length)];
            var cents = random.NextInt64(-2, Money.MostCents);
            var isBooked = await TryPostAsync(payment, posting.Debit, posting.Credit, cents, posting.Memo);
            isBooked.ShouldBe(cents > 0 && !booked.Contains((payment, posting.Memo)));
            if (!isBooked)
                continue;
            booked.Add((payment, posting.Memo));
            model[posting.Debit] += cents;
            model[posting.Credit] -= cents;
            var ledger = await _db.LedgerAsync(0, 10);
            ledger.Balanced.ShouldBeTrue();
            ledger.Balances.ShouldBe(model, ignoreOrder: true);
            ledger.Balances.Values.Sum().ShouldBe(0);
        }

        var all = await _db.LedgerAsync(0, 500);
        all.Total.ShouldBe(booked.Count * 2);
        all.Entries.Sum(e => e.DebitCents).ShouldBe(all.Entries.Sum(e => e.CreditCents));
    }

    [Theory]
    [InlineData("bank", "bank", "sent")]
    [InlineData("bank", "pocket", "sent")]
    [InlineData("pending", "bank", "gift")]
    public async Task Post_OfWhatIsNoPosting_IsRefusedByTheDatabase(string debit, string credit, string memo) =>
        (await TryPostAsync("p1", debit, credit, 100, memo)).ShouldBeFalse();

    [Theory]
    [InlineData("600", 60000L)]
    [InlineData("600.00", 60000L)]
    [InlineData("0.01", 1L)]
    [InlineData("1000000", 100_000_000L)]
    [InlineData("0.001", null)]
    [InlineData("0", null)]
    [InlineData("-600", null)]
    [InlineData("1000000.01", null)]
    public void Cents_OfDollars_AreWholeOrNone(string dollars, long? cents) =>
        Money.Cents(decimal.Parse(dollars, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(cents);

    private async Task<bool> TryPostAsync(string payment, string debit, string credit, long cents, string memo)
    {
        await _db.ExecuteAsync(
            "insert into payments (id, claim_id, citizen, cents, status, next_at, created_at, versions, cause) values (@payment, @payment, 'c', 1, 'pending', 0, 0, '1', 'e') on conflict do nothing",
            new { payment });
        try
        {
            await _db.ExecuteAsync(
                "insert into journal (id, at, debit, credit, cents, payment_id, memo) values (@id, 1, @debit, @credit, @cents, @payment, @memo)",
                new { id = Guid.NewGuid().ToString(), debit, credit, cents, payment, memo });
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 19)
        {
            return false;
        }
    }
}
