using Dapper;

namespace HmsMesh.Kit.Tests;

public class MigrationTests
{
    public static TheoryData<string> Databases => [TestDatabase.Sqlite, TestDatabase.Postgres];

    [Theory, MemberData(nameof(Databases))]
    public async Task Apply_FourInstancesAtOnce_EachFileOnceInOrder(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        var migrations = Migration.Of(typeof(MigrationTests).Assembly);

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var database = Open(test);
            return await Migrator.ApplyAsync(database, migrations, TimeProvider.System, CancellationToken.None);
        })));

        applied.Order().ShouldBe([0, 0, 0, migrations.Count]);
        migrations.Select(m => $"{m.Part}/{m.Name}").ShouldBe(["mesh/001-mesh.sql", "service/001-shifts.sql", "service/002-notes.sql"]);
        (await test.CountAsync("mesh_schema")).ShouldBe(migrations.Count);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Apply_NewFile_IsAdded(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        await using var database = Open(test);
        var first = new Migration("service", 1, "001-a.sql", "CREATE TABLE a (id TEXT)");
        await Migrator.ApplyAsync(database, [first], TimeProvider.System, CancellationToken.None);

        var applied = await Migrator.ApplyAsync(
            database, [first, new Migration("service", 2, "002-b.sql", "CREATE TABLE b (id TEXT); INSERT INTO b (id) VALUES ('1');")], TimeProvider.System, CancellationToken.None);

        applied.ShouldBe(1);
        (await test.CountAsync("b")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Apply_FileChangedAfterwards_IsRefused(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        await using var database = Open(test);
        await Migrator.ApplyAsync(database, [new Migration("service", 1, "001-a.sql", "CREATE TABLE a (id TEXT)")], TimeProvider.System, CancellationToken.None);

        var thrown = await Should.ThrowAsync<MigrationException>(Migrator.ApplyAsync(
            database, [new Migration("service", 1, "001-a.sql", "CREATE TABLE a (id TEXT, more TEXT)")], TimeProvider.System, CancellationToken.None));

        thrown.Message.ShouldContain("001-a.sql");
        thrown.Message.ShouldContain("new file");
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Apply_SecondFileIsWrong_NothingOfTheFirstStays(string kind)
    {
        await using var test = await TestDatabase.CreateAsync(kind);
        await using var database = Open(test);
        Migration[] both = [new("service", 1, "001-a.sql", "CREATE TABLE a (id TEXT)"), new("service", 2, "002-b.sql", "CREATE TABEL b")];

        (await Should.ThrowAsync<MigrationException>(Migrator.ApplyAsync(database, both, TimeProvider.System, CancellationToken.None))).Message.ShouldContain("002-b.sql");

        var applied = await Migrator.ApplyAsync(database, both[..1], TimeProvider.System, CancellationToken.None);
        applied.ShouldBe(1);
    }

    [Fact]
    public async Task Sqlite_OpenedByTheKit_IsDurableAndPatient()
    {
        await using var test = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var database = Open(test);
        await using var session = await database.BeginAsync(CancellationToken.None);

        (await session.Connection.ExecuteScalarAsync<string>("PRAGMA journal_mode")).ShouldBe("wal");
        (await session.Connection.ExecuteScalarAsync<long>("PRAGMA synchronous")).ShouldBe(2);
        (await session.Connection.ExecuteScalarAsync<long>("PRAGMA busy_timeout")).ShouldBe(30000);
    }

    [Fact]
    public async Task Sqlite_TwoProcessesWorthOfWriters_NobodySeesBusy()
    {
        await using var test = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var one = Open(test);
        await using var two = Open(test);
        await Migrator.ApplyAsync(one, [new Migration("service", 1, "001-a.sql", "CREATE TABLE a (id BIGINT)")], TimeProvider.System, CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(async () =>
        {
            await using var session = await (i % 2 == 0 ? one : two).BeginAsync(CancellationToken.None);
            await session.Connection.ExecuteAsync("INSERT INTO a (id) VALUES (@i)", new { i });
            await session.CommitAsync();
        })));

        (await one.ReadAsync((db, _) => db.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM a"), CancellationToken.None)).ShouldBe(100);
    }

    private static Database Open(TestDatabase test) =>
        Database.Open(new MeshSettings { AppId = "sample", DaprEndpoint = "http://127.0.0.1:1", DataPath = "", ConnectionString = test.ConnectionString }, TimeProvider.System);
}
