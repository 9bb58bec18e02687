namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>What became of the mails.</summary>
/// <param name="Denied">Denied claims whose citizen was mailed.</param>
/// <param name="Sent">Payments of which the citizen was mailed.</param>
/// <param name="Suppressed">Events that came again and were mailed no second time.</param>
/// <param name="Again">Mails that a second life of the notifier sent again: the one before was killed between sending and noting it.</param>
internal sealed record MailSums(int Denied, int Sent, int Suppressed, int Again)
{
    public static MailSums Count(IReadOnlyList<PostedClaim> posted, EventBook events, MailBook mails, Action<string> wrong)
    {
        var ids = posted.Select(static one => one.ClaimId).ToHashSet(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var (denied, sent, again) = (0, 0, 0);
        foreach (var said in events.ByTopic["claim.denied"].Concat(events.ByTopic["payment.sent"]).Where(one => ids.Contains(one.ClaimId)))
        {
            known.Add(MailBook.MessageOf(said));
            var lives = mails.Lives.GetValueOrDefault(said.Id, []);
            if (lives.Count == 0)
                wrong($"not mailed: {said.Topic} {said.Id} of claim {said.ClaimId}");
            else if (lives.Distinct().Count() < lives.Count)
                wrong($"mailed twice: {said.Topic} {said.Id} of claim {said.ClaimId}, {lives.Count} times, and the notifier had not died in between");
            if (!mails.Inbox.Contains(MailBook.InboxKeyOf(said)))
                wrong($"not handled: the notifier has not noted {said.Topic} {said.Id} of claim {said.ClaimId} as handled");
            again += Math.Max(0, lives.Count - 1);
            denied += lives.Count > 0 && said.Topic == "claim.denied" ? 1 : 0;
            sent += lives.Count > 0 && said.Topic == "payment.sent" ? 1 : 0;
        }

        foreach (var (message, isMailed) in mails.Kept)
        {
            if (!known.Contains(message))
                wrong($"strange: the notifier keeps message {message}, which is of no event");
            else if (!isMailed)
                wrong($"not mailed: the notifier keeps message {message} without having noted that it was sent");
        }

        return new MailSums(denied, sent, mails.Suppressed, again);
    }
}
