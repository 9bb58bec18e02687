using System.Text.Json;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Publish;
using HmsMesh.Cli.Supervision;
using HmsMesh.Contracts;

namespace HmsMesh.Cli.Bench;

/// <summary>Says that beds are low and that they are free again, by turns, and measures each event until all have reacted.</summary>
internal sealed class AfrhBench : IAsyncDisposable
{
    private const string Facility = "gulfport";
    private static readonly string[] Hearers = ["staffing", "supply-chain", "journey"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly MeshContext _context;
    private readonly ControlClient _mesh;
    private readonly ReactionLog _reactions;
    private readonly OptionStream _page;
    private readonly DirectCall _direct;
    private readonly Contract _low;
    private readonly Contract _restored;
    private readonly Samples _samples = new();

    private AfrhBench(MeshContext context, ControlClient mesh, ReactionLog reactions, OptionStream page, DirectCall direct)
    {
        _context = context;
        _mesh = mesh;
        _reactions = reactions;
        _page = page;
        _direct = direct;
        _low = TopicContracts.Find(context, "afrh.capacity.low");
        _restored = TopicContracts.Find(context, "afrh.capacity.restored");
    }

    /// <summary>Opens every way that is measured: connections are no part of an event's time, as they stay open in a mesh that runs.</summary>
    public static async Task<AfrhBench> OpenAsync(MeshContext context, DataFolder data, CancellationToken cancellationToken)
    {
        var mesh = new ControlClient(data);
        var status = await mesh.StatusAsync(cancellationToken);
        foreach (var name in Hearers)
        {
            if (status.Services.FirstOrDefault(service => service.Service == name) is not { State: "healthy" })
                throw new MeshException($"{name} is not healthy in the mesh on {data.Path}; 'mesh status' tells more.");
        }

        var journey = status.Services.First(service => service.Service == "journey");
        return new AfrhBench(
            context,
            mesh,
            await ReactionLog.OpenAsync(mesh, cancellationToken),
            await OptionStream.OpenAsync(new Uri(journey.Address + "/stream"), Facility, context.Time, cancellationToken),
            await DirectCall.OpenAsync(context.Time, cancellationToken));
    }

    public async Task<BenchReport> RunAsync(int events, CancellationToken cancellationToken)
    {
        var canApply = await _page.NextAsync(cancellationToken) is { CanApply: true };
        for (var count = 0; count < events; count++)
        {
            canApply = !canApply;
            var missing = await MeasureAsync(canApply, cancellationToken);
            if (missing.Count > 0)
                return _samples.Report(missing);
        }

        return _samples.Report([]);
    }

    public async ValueTask DisposeAsync()
    {
        await _reactions.DisposeAsync();
        await _page.DisposeAsync();
        await _direct.DisposeAsync();
        _mesh.Dispose();
    }

    /// <summary>One event, and what is missing of it.</summary>
    private async Task<IReadOnlyList<string>> MeasureAsync(bool canApply, CancellationToken cancellationToken)
    {
        var contract = canApply ? _restored : _low;
        var payload = JsonSerializer.SerializeToElement(new BedsFree(Facility, canApply ? 40 : 4), BenchJson.Default.BedsFree);
        var said = CloudEventFactory.Create(contract, payload, MeshPlan.OwnAppId, _context.Time.GetUtcNow());
        var began = _context.Time.GetTimestamp();
        await Publishing.SendAsync(_mesh, said, cancellationToken);
        _samples.Add(Samples.Accepted, _context.Time.GetElapsedTime(began));

        using var limit = new CancellationTokenSource(Patience, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var waiting = Hearers.Append(Samples.Page).ToList();
        try
        {
            var shown = ShownAsync(canApply, began, waiting, either.Token);
            await ReactedAsync(said.Id, waiting, either.Token);
            await shown;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return [.. waiting.Select(what => $"{what} has not reacted to event {said.Id} within {Patience.TotalSeconds:0} s.")];
        }

        _samples.Add(Samples.Direct, await _direct.CallAsync(CloudEventJson.Write(said), cancellationToken));
        return [];
    }

    private async Task ReactedAsync(string id, List<string> waiting, CancellationToken cancellationToken)
    {
        var services = Hearers.ToHashSet();
        while (services.Count > 0)
        {
            var reaction = await _reactions.NextAsync(cancellationToken);
            if (reaction.EventId != id || !services.Remove(reaction.Service))
                continue;
            _samples.Add(reaction.Service, reaction.Age);
            lock (waiting)
                waiting.Remove(reaction.Service);
        }
    }

    /// <summary>Only this event makes it so, since all have reacted to the one before.</summary>
    private async Task ShownAsync(bool canApply, long began, List<string> waiting, CancellationToken cancellationToken)
    {
        OptionChange change;
        do
            change = await _page.NextAsync(cancellationToken);
        while (change.CanApply != canApply);
        _samples.Add(Samples.Page, _context.Time.GetElapsedTime(began, change.Received));
        lock (waiting)
            waiting.Remove(Samples.Page);
    }
}
