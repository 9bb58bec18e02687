using System.Globalization;
using HmsMesh.Cli.Up;
using HmsMesh.Shared;

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>
/// Measures one sidecar, or two by turns, beside a plain program in the same run: each measure has its reference right before it, since a
/// machine is not as fast now as a minute ago.
/// </summary>
internal sealed class SidecarBench(MeshContext context, IReadOnlyList<BenchTarget> targets, Load load)
{
    public const string Start = "start";
    public const string Memory = "memory";
    public const string Publish = "publish";
    public const string Deliver = "deliver";
    public const string Invoke = "invoke";
    public const string State = "state";
    public const string Share = "share";
    public static readonly IReadOnlyList<string> Measures = [Start, Memory, Publish, Deliver, Invoke, State, Share];

    private const int Starts = 5;
    private const int CallsOneByOne = 1000;
    private const int Keys = 1000;
    private static readonly byte[] Hello = LoadConnection.Request("GET", "/hello", null);
    private static readonly TimeSpan ToSettle = TimeSpan.FromSeconds(1);
    private readonly List<BenchRow> _rows = [];

    public async Task<SidecarReport> RunAsync(IReadOnlyList<string> measures, CancellationToken cancellationToken)
    {
        foreach (var measure in Measures.Where(measures.Contains))
        {
            await context.Error.WriteLineAsync($"mesh: measuring {measure}");
            await (measure switch
            {
                Start => StartAsync(cancellationToken),
                Memory => MemoryAsync(cancellationToken),
                Publish => PublishAsync(cancellationToken),
                Deliver => DeliverAsync(cancellationToken),
                Invoke => InvokeAsync(cancellationToken),
                State => StateAsync(cancellationToken),
                _ => ShareAsync(cancellationToken),
            });
        }

        return new([.. targets.Select(static one => one.Label)], load.Connections, load.Duration.TotalSeconds, _rows);
    }

    /// <summary>By turns: a bare program, then each sidecar; of each the median.</summary>
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var bare = new List<StartCost>();
        var costs = targets.Select(static _ => new List<StartCost>()).ToArray();
        for (var turn = 0; turn < Starts; turn++)
        {
            bare.Add(await BareKestrel.MeasureAsync(context.Time, cancellationToken));
            for (var i = 0; i < targets.Count; i++)
            {
                using var folder = BenchFolder.Make(context, targets[i].Component);
                await using var sidecar = await StartOneAsync(targets[i], folder, "start", null, cancellationToken);
                costs[i].Add(sidecar.Cost);
            }
        }

        var (wall, cpu) = (Median(bare, static one => one.Wall), Median(bare, static one => one.Cpu));
        _rows.Add(new("start until healthy", "ms", "bare Kestrel", wall, [.. costs.Select(one => Cell(Median(one, static cost => cost.Wall), wall))]));
        _rows.Add(new("CPU until healthy", "ms", "bare Kestrel", cpu, [.. costs.Select(one => Cell(Median(one, static cost => cost.Cpu), cpu))]));
    }

    private async Task MemoryAsync(CancellationToken cancellationToken)
    {
        var bare = await BareKestrel.ResidentAsync(context.Time, ToSettle, cancellationToken);
        var cells = new List<BenchCell>();
        foreach (var target in targets)
        {
            using var folder = BenchFolder.Make(context, target.Component);
            await using var sidecar = await StartOneAsync(target, folder, "memory", null, cancellationToken);
            await Task.Delay(ToSettle, context.Time, cancellationToken);
            cells.Add(Cell(sidecar.ResidentMegabytes, bare));
        }

        _rows.Add(new("resident, idle", "MB", "bare Kestrel", bare, cells));
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        await using var app = await BenchApp.StartAsync(FreePorts.Take(), subscribes: false, cancellationToken);
        var direct = await DirectAsync(app, cancellationToken);
        var cells = new List<BenchCell>();
        foreach (var target in targets)
        {
            using var folder = BenchFolder.Make(context, target.Component);
            await using var sidecar = await StartOneAsync(target, folder, "publisher", null, cancellationToken);
            var request = LoadConnection.Request("POST", "/v1.0/publish/pubsub/bench.nobody.hears", Event(0));
            cells.Add(await LoadedAsync(sidecar, _ => request, direct, [sidecar], cancellationToken));
        }

        _rows.Add(new("publish", "/s", "direct", direct, cells));
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        var (rates, latencies) = (new List<BenchCell>(), new List<BenchCell>());
        double direct, median;
        await using (var plain = await BenchApp.StartAsync(FreePorts.Take(), subscribes: false, cancellationToken))
        {
            direct = await DirectAsync(plain, cancellationToken);
            median = await DirectMedianAsync(plain, cancellationToken);
        }

        foreach (var target in targets)
        {
            await using var app = await BenchApp.StartAsync(FreePorts.Take(), subscribes: true, cancellationToken);
            using var folder = BenchFolder.Make(context, target.Component);
            await using var sidecar = await StartOneAsync(target, folder, "subscriber", app.Port, cancellationToken);
            var flow = new EventFlow(sidecar, app, load, context.Time);
            rates.Add(await flow.RateAsync(direct, cancellationToken));
            latencies.Add(await flow.LatencyAsync(median, cancellationToken));
        }

        _rows.Add(new("publish to handler", "/s", "direct", direct, rates));
        _rows.Add(new($"publish to handler, at {EventFlow.Rate}/s", "ms", "direct, one by one", median, latencies));
    }

    private async Task InvokeAsync(CancellationToken cancellationToken)
    {
        await using var app = await BenchApp.StartAsync(FreePorts.Take(), subscribes: false, cancellationToken);
        var direct = await DirectAsync(app, cancellationToken);
        var cells = new List<BenchCell>();
        foreach (var target in targets)
        {
            using var folder = BenchFolder.Make(context, target.Component);
            await using var one = await StartOneAsync(target, folder, "caller", null, cancellationToken);
            await using var two = await StartOneAsync(target, folder, "called", app.Port, cancellationToken);
            var request = LoadConnection.Request("GET", "/v1.0/invoke/called/method/hello", null);
            cells.Add(await LoadedAsync(one, _ => request, direct, [one, two], cancellationToken));
        }

        _rows.Add(new("invoke across two sidecars", "/s", "direct", direct, cells));
    }

    private async Task StateAsync(CancellationToken cancellationToken)
    {
        await using var app = await BenchApp.StartAsync(FreePorts.Take(), subscribes: false, cancellationToken);
        var direct = await DirectAsync(app, cancellationToken);
        var (saves, reads) = (new List<BenchCell>(), new List<BenchCell>());
        foreach (var target in targets)
        {
            using var folder = BenchFolder.Make(context, target.Component);
            await using var sidecar = await StartOneAsync(target, folder, "keeper", null, cancellationToken);
            saves.Add(await LoadedAsync(sidecar, Save, direct, [sidecar], cancellationToken));
            reads.Add(await LoadedAsync(sidecar, Read, direct, [sidecar], cancellationToken));
        }

        _rows.Add(new("state save (SQLite)", "/s", "direct", direct, saves));
        _rows.Add(new("state read (SQLite)", "/s", "direct", direct, reads));
    }

    private async Task ShareAsync(CancellationToken cancellationToken)
    {
        double median;
        await using (var app = await BenchApp.StartAsync(FreePorts.Take(), subscribes: false, cancellationToken))
        {
            median = await DirectMedianAsync(app, cancellationToken);
        }

        var (steady, takeovers) = (new List<BenchCell>(), new List<BenchCell>());
        foreach (var target in targets)
        {
            using var folder = BenchFolder.Make(context, target.Component);
            await using var flow = new SharedFlow(target, folder, load, context.Time);
            await flow.StartAsync(cancellationToken);
            steady.Add(await flow.SteadyAsync(median, cancellationToken));
            if (flow.HasWriter)
            {
                takeovers.Add(await flow.TakeoversAsync(median, cancellationToken));
            }
        }

        _rows.Add(new($"publish by {SharedFlow.Sidecars} sidecars at once, p99", "ms", "direct, one by one", median, steady));
        if (takeovers.Count == targets.Count)
        {
            _rows.Add(new("the same, slowest as the writer is killed", "ms", "direct, one by one", median, takeovers));
        }
    }

    private static byte[] Save(int n) => LoadConnection.Request(
        "POST", "/v1.0/state/store", string.Create(CultureInfo.InvariantCulture, $$"""[{"key":"k{{n % Keys}}","value":{"n":{{n}} } }]"""));

    private static byte[] Read(int n) =>
        LoadConnection.Request("GET", string.Create(CultureInfo.InvariantCulture, $"/v1.0/state/store/k{n % Keys}"), null);

    /// <summary>The body of an event of usual size.</summary>
    public static string Event(int n) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"claimId":"c-1","amount":600,"n":{{n}},"note":"{{new string('x', 100)}}"}""");

    private async Task<double> DirectAsync(BenchApp app, CancellationToken cancellationToken) =>
        (await load.SaturateAsync(app.Port, static _ => Hello, cancellationToken)).PerSecond;

    /// <summary>Of direct calls one by one.</summary>
    private async Task<double> DirectMedianAsync(BenchApp app, CancellationToken cancellationToken) =>
        (await load.OneByOneAsync(app.Port, Hello, CallsOneByOne, cancellationToken)).At(0.5);

    private Task<SidecarProcess> StartOneAsync(BenchTarget target, BenchFolder folder, string appId, int? appPort, CancellationToken cancellationToken) =>
        SidecarProcess.StartAsync(target, folder, appId, appPort, context.Time, cancellationToken);

    private async Task<BenchCell> LoadedAsync(
        SidecarProcess entrance, Func<int, byte[]> request, double direct, IReadOnlyList<SidecarProcess> used, CancellationToken cancellationToken)
    {
        TimeSpan Cpu() => used.Aggregate(TimeSpan.Zero, static (sum, one) => sum + one.Cpu);
        var before = TimeSpan.Zero;
        var result = await load.SaturateAsync(entrance.Port, request, cancellationToken, () => before = Cpu());
        return new(
            result.PerSecond, result.PerSecond / direct, result.At(0.5), result.At(0.99),
            (Cpu() - before).TotalMicroseconds / Math.Max(1, result.Milliseconds.Length), result.Bad);
    }

    private static double Median(List<StartCost> costs, Func<StartCost, TimeSpan> of) =>
        costs.Select(of).Order().ElementAt(costs.Count / 2).TotalMilliseconds;

    private static BenchCell Cell(double value, double reference) => new(value, value / reference);
}
