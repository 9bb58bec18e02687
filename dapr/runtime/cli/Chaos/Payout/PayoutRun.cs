using HmsMesh.Cli.Bench;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Token;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>Posts claims through the gateway of a mesh of its own while processes are killed, waits until all is settled, ends the mesh, and counts.</summary>
internal sealed class PayoutRun(MeshContext context, PayoutPlan plan, ChaosFolder folder)
{
    private const string Notifier = "notifier";
    private static readonly string[] Needed = [AuthService.AppId, "bank", "claims", "gateway", "metrics", "payments"];

    /// <summary>What went wrong besides the numbers.</summary>
    private readonly List<string> _wrong = [];

    public async Task<PayoutReport> RunAsync(CancellationToken cancellationToken)
    {
        var data = DataFolder.At(context.Root, Path.Combine(folder.Path, "mesh"));
        await using var mesh = await OwnMesh.StartAsync(context, data, ["--isolated", "--longest-backoff", "1"], Environment(), cancellationToken);
        using var control = new ControlClient(data);
        var status = await control.StatusAsync(cancellationToken);
        if (status.Services.FirstOrDefault(static one => Needed.Contains(one.Service) && one.State != "healthy") is { } ill)
            throw new MeshException(ill.Problem ?? $"{ill.Service} is {ill.State}.");
        var skipped = status.Services.Where(static one => one.State == "skipped").ToDictionary(static one => one.Service, static one => one.Problem ?? "it is skipped", StringComparer.Ordinal);
        if (skipped.TryGetValue(Notifier, out var remedy))
            await context.Error.WriteLineAsync($"mesh: mails are not counted, {Notifier} is skipped: {remedy}");

        var kills = new PayoutKills(control, plan, () => Progress.Read(data).Sent, context.Time);
        using var tokens = new CitizenTokens(Address(status, AuthService.AppId), new SecretBook(data).Get("demo-password")[..16], context.Time);
        using var poster = new ClaimPoster(plan, Address(status, "gateway"), Path.Combine(folder.Path, "posted.jsonl"), tokens, () => kills.Total, context.Time);
        if (plan.HasForgetfulBank)
            await ModeAsync(Address(status, "bank"), "forgetful", cancellationToken);
        var watch = new PayoutWatch(context, plan, data, control, poster, kills, skipped.Keys.ToHashSet(StringComparer.Ordinal));
        var isWhole = await watch.RunAsync(cancellationToken);
        _wrong.AddRange(watch.Wrong);
        var (file, day) = isWhole ? await AchAsync(control, cancellationToken) : (null, "");
        await mesh.EndAsync();
        return await CountAsync(data, poster, kills, file, day, isWhole, skipped.GetValueOrDefault(Notifier), cancellationToken);
    }

    private async Task<PayoutReport> CountAsync(
        DataFolder data, ClaimPoster poster, PayoutKills kills, AchBook? file, string day, bool isWhole, string? mailsSkipped, CancellationToken cancellationToken)
    {
        await context.Error.WriteLineAsync("mesh: all has ended; counting");
        if (poster.SentAgain > 0)
            await context.Error.WriteLineAsync($"mesh: forms sent again after {string.Join(", ", poster.OtherAnswers.Select(static one => $"{one.Key} ({one.Value} times)"))}; the last time after {poster.LastProblem}");
        var events = await EventBook.ReadAsync(data, context.Time, cancellationToken);
        if (plan.IsTampered)
            Tampering.Do(data, events);
        var posted = poster.Posted;
        var books = BookRows.Read(data);
        var count = new PayoutCount(posted, books, events, isCut: !isWhole);
        foreach (var wrong in _wrong.Concat(poster.Faults))
            count.Wrongly(wrong);
        count.Decisions();
        count.Money(file, day);
        if (mailsSkipped is null)
            count.Post(MailBook.Read(data));
        var (seconds, times) = Times(posted, events);
        return new PayoutReport
        {
            Seed = plan.Seed,
            Seconds = Math.Round(seconds, 1),
            Kills = kills.ByVictim.ToDictionary(static one => one.Key.Name, static one => one.Value, StringComparer.Ordinal),
            Posted = posted.Count,
            SentAgain = poster.SentAgain,
            Approved = posted.Count(static one => one.IsApproved),
            Denied = posted.Count(static one => !one.IsApproved),
            Decided = count.Decided,
            Paid = count.Paid,
            TriedAgain = books.Payments.Count(static one => one.Attempts > 1),
            BankEntries = books.Bank.Count,
            BankCents = books.Bank.Sum(static one => one.Cents),
            LedgerCents = books.Journal.Where(static one => one.Credit == "bank").Sum(static one => one.Cents) - books.Journal.Where(static one => one.Debit == "bank").Sum(static one => one.Cents),
            AchEntries = file?.Entries.Count,
            AchCents = file?.Entries.Sum(static one => one.Cents),
            Mails = count.Mails,
            MailsSkipped = mailsSkipped,
            PaidPerSecond = seconds > 0 ? Math.Round(times.Count / seconds, 1) : 0,
            P50Ms = Rank(times, 50),
            P99Ms = Rank(times, 99),
            Wrong = count.Wrong,
        };
    }

    /// <summary>How long from the first form to the last payment, and each claim's time from its form to payment.sent.</summary>
    private static (double Seconds, List<long> Times) Times(IReadOnlyList<PostedClaim> posted, EventBook events)
    {
        var sent = events.ByTopic["payment.sent"].DistinctBy(static one => one.ClaimId).ToDictionary(static one => one.ClaimId, static one => one.At, StringComparer.Ordinal);
        var paid = posted.Where(one => sent.ContainsKey(one.ClaimId)).ToList();
        return paid.Count == 0
            ? (0, [])
            : ((paid.Max(one => sent[one.ClaimId]) - posted.Min(static one => one.FirstSentAt)) / 1000.0, [.. paid.Select(one => sent[one.ClaimId] - one.FirstSentAt).Order()]);
    }

    private static long? Rank(List<long> sorted, int percent) => sorted.Count == 0 ? null : sorted[((sorted.Count * percent) + 99) / 100 - 1];

    private static async Task<(AchBook? File, string Day)> AchAsync(ControlClient control, CancellationToken cancellationToken)
    {
        using var answer = await control.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/call/payments/ach/today"), cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new MeshException($"payments answered {(int)answer.StatusCode} to GET /ach/today: {text}");

        // Of the file header: year, month and day of the file's making.
        return (AchBook.Read(text), $"20{text[23..25]}-{text[25..27]}-{text[27..29]}");
    }

    private static async Task ModeAsync(string bank, string mode, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var body = new StringContent($$"""{"mode":"{{mode}}"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync(new Uri(bank + "/mode"), body, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new MeshException($"the bank answered {(int)answer.StatusCode} to PUT /mode.");
    }

    /// <summary>One caller may ask as fast as he can; killed .NET processes leave no diagnostic pipes.</summary>
    private static Dictionary<string, string> Environment() => new()
    {
        ["Gateway__RequestsPerSecond"] = "1000000",
        ["Gateway__Burst"] = "1000000",
        ["DOTNET_EnableDiagnostics"] = "0",
    };

    private static string Address(MeshStatus status, string service) => status.Services.First(one => one.Service == service).Address;
}
