using Dapper;
using HmsMesh.Payments.Ledger;
using HmsMesh.Payments.Payments;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>The journal keeps two sides whatever is written to it, and is balanced only where it and the payments say the same.</summary>
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
    public async Task Ledger_AfterAnyPostings_IsAsTheModelSays(int seed)
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
            ledger.Balances.ShouldBe(model, ignoreOrder: true);
            ledger.Balances.Values.Sum().ShouldBe(0);
        }

        var all = await _db.LedgerAsync(0, 500);
        all.Total.ShouldBe(booked.Count * 2);
        all.Entries.Sum(e => e.DebitCents).ShouldBe(all.Entries.Sum(e => e.CreditCents));
    }

    [Fact]
    public async Task Ledger_ThatThePaymentsAgreeWith_IsBalanced()
    {
        (await _db.LedgerAsync(0, 10)).Balanced.ShouldBeTrue();
        await PayAsync();
        var ledger = await _db.LedgerAsync(0, 10);

        ledger.Balanced.ShouldBeTrue();
        ledger.Balances.ShouldBe(
            new Dictionary<string, long> { ["obligations"] = 31, ["pending"] = -15, ["bank"] = -16, ["returns"] = 0 }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("update journal set cents = cents + 1 where payment_id = 'sent' and memo = 'sent'")]
    [InlineData("update journal set cents = cents + 1 where payment_id = 'held'")]
    [InlineData("delete from journal where payment_id = 'waiting-for-payee'")]
    [InlineData("delete from journal where payment_id = 'refused' and memo = 'refused'")]
    [InlineData("update payments set cents = 1000 where id = 'pending'")]
    [InlineData("update payments set status = 'sending' where id = 'sent'")]
    [InlineData("update payments set status = 'returned' where id = 'sent'")]
    [InlineData("update journal set debit = 'returns' where payment_id = 'sent' and memo = 'approved'")]
    public async Task Ledger_ThatWasTamperedWith_IsNotBalanced(string sql)
    {
        await PayAsync();
        (await _db.ExecuteAsync(sql)).ShouldBe(1);

        (await _db.LedgerAsync(0, 10)).Balanced.ShouldBeFalse();
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

    // A payment of each status, its cents a power of two; none has come back.
    private async Task PayAsync()
    {
        var cents = 1L;
        foreach (var status in (string[])["waiting-for-payee", "pending", "sending", "held", "sent", "refused"])
        {
            await _db.ExecuteAsync(
                """
                insert into payments (id, claim_id, citizen, cents, status, sealed, day, trace_number, next_at, created_at, versions, cause)
                values (@status, @status, 'c', @cents, @status, 's', @status, 1, 0, 0, '1', 'e')
                """,
                new { status, cents });
            (await TryPostAsync(status, Posting.Approved.Debit, Posting.Approved.Credit, cents, Posting.Approved.Memo)).ShouldBeTrue();
            var last = status switch { "sent" => Posting.Sent, "refused" => Posting.Refused, _ => null };
            if (last is not null)
                (await TryPostAsync(status, last.Debit, last.Credit, cents, last.Memo)).ShouldBeTrue();
            cents *= 2;
        }
    }

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
