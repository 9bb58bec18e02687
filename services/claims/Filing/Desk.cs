using HmsMesh.Claims.Events;
using HmsMesh.Claims.Intake;
using HmsMesh.Claims.Decisions;
using HmsMesh.Kit;

namespace HmsMesh.Claims.Filing;

/// <summary>Takes a form, decides it, and says both in the transaction that saves it.</summary>
internal sealed class Desk(Rulebook rules, TimeProvider time)
{
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>The claim; or, where this citizen has sent this key before, the claim that came of it. Null where that had other answers.</summary>
    public async Task<Claim?> FileAsync(string citizen, Application form, string? key, Work work)
    {
        var submitted = time.GetUtcNow();
        if (key is not null && await work.ByKeyAsync(citizen, key) is { } earlier)
            return earlier.Fingerprint == form.Fingerprint ? earlier : null;
        var decision = rules.Decide(form.Facts(Today));
        var claim = new Claim
        {
            Id = Guid.CreateVersion7(submitted).ToString(),
            Citizen = citizen,
            Fingerprint = form.Fingerprint,
            Veteran = form.Veteran,
            Document = form.Document,
            SubmittedAt = submitted.ToUnixTimeMilliseconds(),
            DecidedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Approved = decision.Approved,
            AmountCents = (long?)(decision.Amount * 100),
            RuleId = decision.Rule,
            ExplanationEn = decision.Explanation.En,
            ExplanationEs = decision.Explanation.Es,
        };
        if (!await work.AddAsync(claim, form, key, decision.Version))
        {
            // Two at once under one key: the other one was first.
            var first = await work.ByKeyAsync(citizen, key!);
            return first?.Fingerprint == form.Fingerprint ? first : null;
        }

        Say(work, claim, decision);
        return claim;
    }

    private static void Say(Work work, Claim claim, Decision decision)
    {
        work.Say("claim.submitted", new ClaimSubmitted(claim.Id, claim.Citizen, claim.Veteran));
        if (decision is { Approved: true, Amount: { } amount })
        {
            // Side by side until nobody hears the first version any more.
            work.Say("claim.approved", new ClaimApproved(claim.Id, claim.Citizen, amount, claim.Veteran));
            work.Say("claim.approved.v2", new ClaimApprovedV2(claim.Id, claim.Citizen, claim.AmountCents!.Value, "USD", claim.Veteran));
        }
        else
        {
            work.Say("claim.denied", new ClaimDenied(claim.Id, claim.Citizen, decision.Rule, decision.Explanation));
        }

        work.AfterCommit(() => Log.Decided(work.Log, claim.Id, claim.Approved ? Status.Approved : Status.Denied, decision.Rule, decision.Version));
    }
}
