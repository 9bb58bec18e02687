using System.Text;
using HmsMesh.Broker;
using HmsMesh.Cli.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.Tests.BrokerData;

/// <summary>Backup while everything is at work, restore, repair: by the commands.</summary>
public class BackupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_WhileAllIsAtWork_RestoresToAStateThatLostNothing()
    {
        using var mesh = new Mesh();
        using var files = new TempFolder();
        var file = Path.Combine(files.Path, "mesh.tar.gz");
        var services = Directory.CreateDirectory(Path.Combine(mesh.Data, "services")).FullName;
        Directory.CreateDirectory(Path.Combine(mesh.Data, "run"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        // Like a service: the publisher's database says `sent` only after the broker took it; the handler's has what it did before it answers.
        var outbox = Table(Path.Combine(services, "publisher.db"));
        var inbox = Table(Path.Combine(services, "app.db"));
        var writing = new Lock();
        var broker = await EventBroker.OpenAsync(Options(mesh), NullLogger.Instance, Ct);
        var handler = new Taker(one =>
        {
            lock (writing)
                Insert(inbox, one.Id!);
            return Verdict.Handled;
        });
        var subscription = await broker.SubscribeAsync(Subscription(), handler, Ct);
        var saying = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                (await broker.PublishAsync(Event(i), Ct)).Accepted.ShouldBeTrue();
                Insert(outbox, $"id-{i}");
            }
        }, Ct);
        await handler.NextAsync(100);

        (await mesh.RunAsync("backup", file)).ShouldBe(ExitCode.Done, mesh.Error.ToString());

        await handler.NextAsync(20);
        await stop.CancelAsync();
        await saying;
        await subscription.DisposeAsync();
        await broker.DisposeAsync();
        await outbox.DisposeAsync();
        await inbox.DisposeAsync();
        using var other = new Mesh();
        (await other.RunAsync("restore", file)).ShouldBe(ExitCode.Done, other.Error.ToString());
        await using var again = await EventBroker.OpenAsync(Options(other), NullLogger.Instance, Ct);
        var kept = new HashSet<string>();
        await foreach (var one in again.ReadAsync(0, follow: false, Ct))
            kept.Add(one.Id!);
        var sent = Rows(Path.Combine(other.Data, "services", "publisher.db"));
        var done = Rows(Path.Combine(other.Data, "services", "app.db"));
        sent.Count.ShouldBeGreaterThan(90);
        sent.Except(kept).ShouldBeEmpty("called sent by the outbox, and not in the broker");
        var taker = new Taker(static _ => Verdict.Handled);
        await using var rest = await again.SubscribeAsync(Subscription(), taker, Ct);
        await Eventually.TrueAsync(() => again.StatusAsync(Ct).AsTask().Result.Subscribers.Single().Lag == 0, TimeSpan.FromSeconds(20));
        kept.Except(done).Except(taker.Rest().Select(static one => one.Id!)).ShouldBeEmpty("neither done by the app nor owed to it");
    }

    [Fact]
    public async Task Restore_OverData_IsRefusedUnlessTold()
    {
        using var mesh = new Mesh();
        using var files = new TempFolder();
        var file = Path.Combine(files.Path, "mesh.tar.gz");
        await FillAsync(mesh, 5);
        (await mesh.RunAsync("backup", file)).ShouldBe(ExitCode.Done, mesh.Error.ToString());
        (await mesh.RunAsync("backup", file)).ShouldBe(ExitCode.Usage);
        await FillAsync(mesh, 5);

        (await mesh.RunAsync("restore", file)).ShouldBe(ExitCode.Usage);
        mesh.Error.ToString().ShouldContain("--replace sets it aside");
        (await mesh.RunAsync("restore", file, "--replace")).ShouldBe(ExitCode.Done, mesh.Error.ToString());

        (await CountAsync(mesh)).ShouldBe(5);
        mesh.Error.ToString().ShouldContain($"what was there is in {Directory.GetDirectories(mesh.Data, "before-restore-*").ShouldHaveSingleItem()}");
        File.Exists(Path.Combine(mesh.Data, "restoring.unfinished")).ShouldBeFalse();
    }

    [Fact]
    public async Task RestoreAndReset_WhileASidecarWrites_AreRefused()
    {
        using var mesh = new Mesh();
        using var files = new TempFolder();
        var file = Path.Combine(files.Path, "mesh.tar.gz");
        await FillAsync(mesh, 5);
        (await mesh.RunAsync("backup", file)).ShouldBe(ExitCode.Done, mesh.Error.ToString());
        Directory.CreateDirectory(Path.Combine(mesh.Data, "run"));
        using (HmsMesh.Broker.Native.ProcessLock.TryTake(Path.Combine(mesh.Data, "broker", "lock"), out _))
        {
            (await mesh.RunAsync("restore", file, "--replace")).ShouldBe(ExitCode.Taken);
            (await mesh.RunAsync("reset", "--yes")).ShouldBe(ExitCode.Taken);
            mesh.Error.ToString().ShouldContain(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        (await CountAsync(mesh)).ShouldBe(5);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.95)]
    public async Task Restore_DamagedFile_ChangesNothing(double at)
    {
        using var mesh = new Mesh();
        using var files = new TempFolder();
        var file = Path.Combine(files.Path, "mesh.tar.gz");
        await FillAsync(mesh, 50);
        (await mesh.RunAsync("backup", file)).ShouldBe(ExitCode.Done, mesh.Error.ToString());
        var bytes = await File.ReadAllBytesAsync(file, Ct);

        // Not one bit: packed zeros may come out the same, and then all is whole.
        foreach (ref var one in bytes.AsSpan((int)(bytes.Length * at), 32))
        {
            one ^= 0xFF;
        }

        await File.WriteAllBytesAsync(file, bytes, Ct);
        using var other = new Mesh();

        (await other.RunAsync("restore", file)).ShouldBe(ExitCode.Failed);

        other.Error.ToString().ShouldContain("is no whole backup");
        Directory.Exists(Path.Combine(other.Data, "broker")).ShouldBeFalse();
    }

    [Fact]
    public async Task Restore_FileThatIsNoBackup_SaysSo()
    {
        using var mesh = new Mesh();
        using var files = new TempFolder();

        (await mesh.RunAsync("restore", files.Write("notes.txt", "no backup at all"))).ShouldBe(ExitCode.Usage);

        mesh.Error.ToString().ShouldContain("notes.txt is no backup: ");
    }

    [Fact]
    public async Task Restore_FileCutShort_ChangesNothing()
    {
        using var mesh = new Mesh();
        using var files = new TempFolder();
        var file = Path.Combine(files.Path, "mesh.tar.gz");
        await FillAsync(mesh, 50);
        (await mesh.RunAsync("backup", file)).ShouldBe(ExitCode.Done, mesh.Error.ToString());
        var bytes = await File.ReadAllBytesAsync(file, Ct);
        await File.WriteAllBytesAsync(file, bytes[..(bytes.Length / 2)], Ct);
        using var other = new Mesh();

        (await other.RunAsync("restore", file)).ShouldBe(ExitCode.Failed);

        Directory.Exists(Path.Combine(other.Data, "broker")).ShouldBeFalse();
    }

    [Fact]
    public async Task Repair_DamagedLog_CopiesNamesAndMends()
    {
        using var mesh = new Mesh { Input = "y\n" };
        await FillAsync(mesh, 20);
        var log = Directory.GetFiles(Path.Combine(mesh.Data, "broker"), "*.log").Single();
        var bytes = await File.ReadAllBytesAsync(log, Ct);
        bytes[1500] ^= 1;
        await File.WriteAllBytesAsync(log, bytes, Ct);

        (await mesh.RunAsync("topics")).ShouldBe(ExitCode.Failed);
        mesh.Error.ToString().ShouldContain($"'mesh repair --data {mesh.Data}'");
        (await mesh.RunAsync("repair")).ShouldBe(ExitCode.Done, mesh.Error.ToString());

        mesh.Error.ToString().ShouldContain($"{log} is damaged at byte ");
        mesh.Error.ToString().ShouldContain("orders: 19 events kept");
        (await CountAsync(mesh)).ShouldBe(19);
        var copy = Directory.GetDirectories(mesh.Data, "broker.damaged-*").ShouldHaveSingleItem();
        (await File.ReadAllBytesAsync(Path.Combine(copy, Path.GetFileName(log)), Ct)).ShouldBe(bytes);
        (await mesh.RunAsync("repair")).ShouldBe(ExitCode.Done);
        mesh.Error.ToString().ShouldContain("nothing is damaged");
    }

    [Fact]
    public async Task Repair_WithNobodyToAsk_ChangesNothing()
    {
        using var mesh = new Mesh();
        await FillAsync(mesh, 20);
        var side = Path.Combine(mesh.Data, "broker", "acknowledged");
        File.Delete(side);

        (await mesh.RunAsync("repair")).ShouldBe(ExitCode.Failed);

        mesh.Error.ToString().ShouldContain("nothing was changed; --yes mends it");
        File.Exists(side).ShouldBeFalse();
    }

    private static BrokerOptions Options(Mesh mesh) => new() { Path = Path.Combine(mesh.Data, "broker"), SegmentSize = 64 << 10 };

    private static async Task FillAsync(Mesh mesh, int count)
    {
        await using var broker = await EventBroker.OpenAsync(Options(mesh), NullLogger.Instance, Ct);
        for (var i = 0; i < count; i++)
            (await broker.PublishAsync(Event(i), Ct)).Accepted.ShouldBeTrue();
    }

    private static async Task<int> CountAsync(Mesh mesh)
    {
        await using var broker = await EventBroker.OpenAsync(Options(mesh), NullLogger.Instance, Ct);
        var count = 0;
        await foreach (var one in broker.ReadAsync(0, follow: false, Ct))
            count++;
        return count;
    }

    private static OutgoingEvent Event(int number) =>
        new() { PubSub = "pubsub", Topic = "orders", Id = $"id-{number}", Data = Encoding.UTF8.GetBytes($"{number} {new string('x', 400)}") };

    private static SubscriptionOptions Subscription() => new() { PubSub = "pubsub", Topic = "orders", Consumer = "app", Retry = new OneTry() };

    private static SqliteConnection Table(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = WAL; CREATE TABLE event (id TEXT PRIMARY KEY)");
        return connection;
    }

    private static void Insert(SqliteConnection connection, string id) => Run(connection, $"INSERT INTO event VALUES ('{id}')");

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static HashSet<string> Rows(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM event";
        using var reader = command.ExecuteReader();
        var rows = new HashSet<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
