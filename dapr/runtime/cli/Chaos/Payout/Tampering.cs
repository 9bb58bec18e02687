using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>Makes the books of an ended run wrong in each way that the count is to find: the check is checked.</summary>
internal static class Tampering
{
    public static void Do(DataFolder data, EventBook events)
    {
        using (var bank = Books.Of(data, "bank"))
        {
            Must(bank.Change(
                """
                insert into entries (id, idempotency_key, once, fingerprint, account_ending, kind, cents, day, taken_at)
                select 'twice', idempotency_key, null, fingerprint, account_ending, kind, cents, day, taken_at from entries order by id limit 1
                """));
        }

        using (var payments = Books.Of(data, "payments"))
            Must(payments.Change("delete from journal where id = (select id from journal where memo = 'sent' order by id limit 1)"));
        using (var claims = Books.Of(data, "claims"))
        {
            Must(claims.Change("delete from claims where id = (select id from claims where approved = 1 order by id limit 1)"));
            Must(claims.Change("update claims set approved = 0, rule_id = 'misconduct' where id = (select id from claims where approved = 1 order by id limit 1)"));
        }

        var unmailed = events.ByTopic["claim.denied"].First();
        foreach (var log in MailBook.LogsOf(data).ToList())
            File.WriteAllLines(log, File.ReadAllLines(log).Where(line => !line.Contains(MailBook.LineOf(unmailed), StringComparison.Ordinal)));
    }

    private static void Must(int rows)
    {
        if (rows != 1)
            throw new MeshException($"the tampering changed {rows} rows, not one; run it with more claims.");
    }
}
