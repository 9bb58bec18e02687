using System.Net.Sockets;
using System.Text.Json.Nodes;
using HmsMesh.Conformance.Comparing;
using HmsMesh.Conformance.Running;

namespace HmsMesh.Conformance;

/// <summary>Drives a sidecar through scenarios and says where it differs from what is recorded.</summary>
public sealed class ConformanceRunner(ConformanceOptions options)
{
    private const double MoreTime = 3;

    /// <summary>Runs them <see cref="ConformanceOptions.Jobs"/> at a time, then those that failed once more, one by one.</summary>
    public async Task<IReadOnlyList<ScenarioReport>> RunAsync(
        IReadOnlyList<Scenario> scenarios, IProgress<ScenarioReport>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        var reports = new ScenarioReport[scenarios.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, scenarios.Count, parallel, async (i, token) =>
        {
            reports[i] = await TryAsync(scenarios[i], pace: 1, token).ConfigureAwait(false);
            if (!options.SecondTry || reports[i].Outcome != ScenarioOutcome.Failed) progress?.Report(reports[i]);
        }).ConfigureAwait(false);
        for (var i = 0; options.SecondTry && i < scenarios.Count; i++)
        {
            if (reports[i].Outcome != ScenarioOutcome.Failed) continue;
            reports[i] = await AgainAsync(scenarios[i], reports[i], cancellationToken).ConfigureAwait(false);
            progress?.Report(reports[i]);
        }

        return reports;
    }

    /// <summary>Runs one; when it fails, and the options have it so, once more with more time.</summary>
    public async Task<ScenarioReport> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var report = await TryAsync(scenario, pace: 1, cancellationToken).ConfigureAwait(false);
        return report.Outcome == ScenarioOutcome.Failed && options.SecondTry
            ? await AgainAsync(scenario, report, cancellationToken).ConfigureAwait(false)
            : report;
    }

    /// <summary>Runs one exactly once, its waits so many times longer.</summary>
    public async Task<ScenarioReport> TryAsync(Scenario scenario, double pace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var start = options.Time.GetTimestamp();
        var missing = await MissingAsync(scenario, cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0) return Report(ScenarioOutcome.Skipped, [$"needs {string.Join(", ", missing)}"], []);
        IReadOnlyList<JsonNode?> results = [];
        IReadOnlyList<string> differences;
        var run = new ScenarioRun(scenario, options, pace);
        try
        {
            await using (run.ConfigureAwait(false))
            {
                results = await run.RunAsync(cancellationToken).ConfigureAwait(false);
            }

            differences = ScenarioComparison.Compare(scenario, results);
        }
        catch (ScenarioException e)
        {
            differences = [e.Message];
        }

        return Report(differences.Count == 0 ? ScenarioOutcome.Passed : ScenarioOutcome.Failed, differences, results);

        ScenarioReport Report(ScenarioOutcome outcome, IReadOnlyList<string> notes, IReadOnlyList<JsonNode?> results) =>
            new(scenario.Name, outcome, notes, results, options.Time.GetElapsedTime(start));
    }

    private async Task<ScenarioReport> AgainAsync(Scenario scenario, ScenarioReport first, CancellationToken cancellationToken)
    {
        var second = await TryAsync(scenario, MoreTime, cancellationToken).ConfigureAwait(false);
        var took = first.Duration + second.Duration;
        return second.Outcome == ScenarioOutcome.Passed
            ? second with { Outcome = ScenarioOutcome.PassedOnSecondTry, Differences = first.Differences, Duration = took }
            : second with { Duration = took };
    }

    private async Task<List<string>> MissingAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var broker in scenario.Brokers)
        {
            if (!options.Servers.TryGetValue(broker, out var address) || !await IsReachableAsync(address, cancellationToken).ConfigureAwait(false)) missing.Add(broker);
        }

        if (scenario.Mtls && !ConformanceOptions.CanRun(options.Sentry)) missing.Add("sentry");
        return missing;
    }

    private async Task<bool> IsReachableAsync(string address, CancellationToken cancellationToken)
    {
        var colon = address.LastIndexOf(':');
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(0.5), options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await client.ConnectAsync(address[..colon], int.Parse(address.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture), both.Token).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
