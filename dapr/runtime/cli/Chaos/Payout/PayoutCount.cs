namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>Counts after everything has ended: the client's list against the databases, the log, the bank's ledger, the ACH file and the mails.</summary>
/// <param name="isCut">The lanes were cut off: what they had sent last may be filed without having been answered.</param>
internal sealed class PayoutCount(IReadOnlyList<PostedClaim> posted, BookRows books, EventBook events, bool isCut)
{
    private const int MostWrong = 100;
    private const long CentsOfAClaim = 60_000;

    private readonly List<string> _wrong = [];
    private readonly Dictionary<string, PaymentRow> _payments = books.Payments.ToDictionary(static one => one.ClaimId, StringComparer.Ordinal);

    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>Posted claims that are in the database and in the log, decided once and as the rules say.</summary>
    public int Decided { get; private set; }

    /// <summary>Approved claims with one payment, one credit at the bank and one event.</summary>
    public int Paid { get; private set; }

    public MailSums? Mails { get; private set; }

    public void Decisions()
    {
        var rows = books.Claims.ToDictionary(static one => one.Id, StringComparer.Ordinal);
        var submitted = ByClaim("claim.submitted");
        var decisions = events.ByTopic["claim.approved"].Concat(events.ByTopic["claim.denied"]).ToLookup(static one => one.ClaimId, StringComparer.Ordinal);
        foreach (var claim in posted)
        {
            if (!rows.TryGetValue(claim.ClaimId, out var row))
            {
                Wrongly($"lost: {claim.Key} was answered with claim {claim.ClaimId}, which is not in the database of claims");
                continue;
            }

            var said = decisions[claim.ClaimId].ToList();
            bool[] checks =
            [
                Expect(row.Key == claim.Key, $"mixed up: claim {claim.ClaimId} was the answer to {claim.Key} and is kept under {row.Key}"),
                Expect(row.Rule == claim.Rule && row.IsApproved == claim.IsApproved, $"decided wrongly: claim {claim.ClaimId} by {row.Rule}, not by {claim.Rule}"),
                Expect(submitted[claim.ClaimId].Count() == 1, $"submitted: the log has {submitted[claim.ClaimId].Count()} claim.submitted of claim {claim.ClaimId}"),
                Expect(said.Count == 1, $"decided: the log has {said.Count} decisions of claim {claim.ClaimId}"),
                Expect(said.TrueForAll(one => one.Topic == (row.IsApproved ? "claim.approved" : "claim.denied")), $"decided: the log and the database differ about claim {claim.ClaimId}"),
            ];
            Decided += checks.All(static holds => holds) ? 1 : 0;
        }

        Strangers(rows.Values);
        foreach (var letter in events.DeadLetters)
            Wrongly($"dead letter: {letter}");
        if (events.Fault is { } fault)
            Wrongly($"unreadable: {fault}");
    }

    public void Money(AchBook? file, string fileDay)
    {
        var credits = books.Bank.ToLookup(static one => one.Key, StringComparer.Ordinal);
        var sent = ByClaim("payment.sent");
        foreach (var claim in posted.Where(static one => one.IsApproved))
        {
            if (!_payments.TryGetValue(claim.ClaimId, out var payment))
            {
                Wrongly($"not paid: claim {claim.ClaimId} has no payment");
                continue;
            }

            var credited = credits[payment.Id].ToList();
            bool[] checks =
            [
                Expect(payment is { Status: "sent", Cents: CentsOfAClaim }, $"not paid: payment {payment.Id} of claim {claim.ClaimId} is {payment.Status} over {payment.Cents} cents"),
                Expect(credited.Count == 1, $"bank: it credited claim {claim.ClaimId} (payment {payment.Id}) {credited.Count} times"),
                Expect(credited.TrueForAll(one => one.Cents == payment.Cents && !one.IsReturned), $"bank: the credit of payment {payment.Id} has another amount, or came back"),
                Expect(sent[claim.ClaimId].Count() == 1, $"said: the log has {sent[claim.ClaimId].Count()} payment.sent of claim {claim.ClaimId}"),
                Expect(books.KnownAsPaid.Contains(claim.ClaimId), $"not told: the claims service does not know that claim {claim.ClaimId} is paid"),
                Expect(books.Measured.Contains(claim.ClaimId), $"not measured: metrics has no payout of claim {claim.ClaimId}"),
            ];
            Paid += checks.All(static holds => holds) ? 1 : 0;
        }

        var approved = books.Claims.Where(static one => one.IsApproved).Select(static one => one.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var payment in books.Payments.Where(one => !approved.Contains(one.ClaimId)))
            Wrongly($"paid and not approved: payment {payment.Id} of claim {payment.ClaimId}");
        var known = books.Payments.Select(static one => one.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var credit in books.Bank.Where(one => !known.Contains(one.Key)))
            Wrongly($"bank: it has a credit over {credit.Cents} cents under {credit.Key}, which is no payment");
        foreach (var failed in events.ByTopic["payment.failed"])
            Wrongly($"said: the log has a payment.failed of claim {failed.ClaimId}");
        foreach (var incident in books.Incidents)
            Wrongly($"incident: {incident}");
        Ledger();
        if (file is not null)
            Ach(file, fileDay);
    }

    public void Post(MailBook mails) => Mails = MailSums.Count(posted, events, mails, Wrongly);

    /// <summary>Says what is wrong; a hundred of it at most.</summary>
    public void Wrongly(string what)
    {
        if (_wrong.Count < MostWrong)
            _wrong.Add(what);
    }

    private void Strangers(IEnumerable<ClaimRow> rows)
    {
        var known = posted.Select(static one => one.ClaimId).ToHashSet(StringComparer.Ordinal);
        Expect(known.Count == posted.Count, $"mixed up: {posted.Count} keys were answered with {known.Count} claims");
        foreach (var row in rows.Where(one => !isCut && !known.Contains(one.Id)))
            Wrongly($"strange: claim {row.Id} is in the database, and the answer to no form");
        var stored = rows.Select(static one => one.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var said in events.ByTopic.SelectMany(static one => one).Where(one => !stored.Contains(one.ClaimId)).DistinctBy(static one => one.ClaimId))
            Wrongly($"strange: the log has {said.Topic} of claim {said.ClaimId}, which is not in the database");
    }

    private void Ledger()
    {
        var (debits, credits) = (Sides(static one => one.Debit), Sides(static one => one.Credit));
        var atBank = books.Bank.Where(static one => !one.IsReturned).Sum(static one => one.Cents);
        Expect(debits.Values.Sum() == credits.Values.Sum(), $"ledger: debits are {debits.Values.Sum()} cents, credits {credits.Values.Sum()}");
        Expect(Balance("pending") == 0, $"ledger: {Balance("pending")} cents are pending for ever");
        Expect(Balance("bank") == atBank, $"ledger: it says {Balance("bank")} cents were paid, the bank's own ledger says {atBank}");
        Expect(-Balance("obligations") == atBank, $"ledger: {-Balance("obligations")} cents were owed, {atBank} credited by the bank");
        var rows = books.Journal.ToLookup(static one => one.PaymentId, StringComparer.Ordinal);
        foreach (var payment in books.Payments.Where(static one => one.Status == "sent"))
        {
            Expect(
                rows[payment.Id].Order(Comparer<JournalRow>.Create(static (left, right) => string.CompareOrdinal(left.Memo, right.Memo))).SequenceEqual(
                [
                    new JournalRow(payment.Id, "approved", "obligations", "pending", payment.Cents),
                    new JournalRow(payment.Id, "sent", "pending", "bank", payment.Cents),
                ]),
                $"ledger: payment {payment.Id} is not posted once as approved and once as sent");
        }

        long Balance(string account) => credits.GetValueOrDefault(account) - debits.GetValueOrDefault(account);
    }

    private Dictionary<string, long> Sides(Func<JournalRow, string> account) =>
        books.Journal.GroupBy(account, StringComparer.Ordinal).ToDictionary(static one => one.Key, static one => one.Sum(static row => row.Cents), StringComparer.Ordinal);

    private void Ach(AchBook file, string day)
    {
        foreach (var fault in file.Faults)
            Wrongly($"ACH file: {fault}");
        var owed = books.Payments.Where(one => one.Day == day).Select(static one => new AchBookEntry(one.Cents, End(one.Id), one.Trace)).OrderBy(static one => one.Trace);
        Expect(owed.SequenceEqual(file.Entries), $"ACH file: its {file.Entries.Count} entries are not the day's payments, in the order of their numbers");
        Expect(file.Entries.Select(static one => one.Trace).SequenceEqual(Enumerable.Range(1, file.Entries.Count).Select(static one => (long)one)), "ACH file: its numbers have gaps");

        static string End(string id) => id.Replace("-", "", StringComparison.Ordinal)[^15..].ToUpperInvariant();
    }

    private ILookup<string, SaidEvent> ByClaim(string topic) => events.ByTopic[topic].ToLookup(static one => one.ClaimId, StringComparer.Ordinal);

    private bool Expect(bool holds, string otherwise)
    {
        if (!holds)
            Wrongly(otherwise);
        return holds;
    }
}
