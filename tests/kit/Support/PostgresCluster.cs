using System.Diagnostics;
using HmsMesh.Kit.Tests;
using HmsMesh.Shared;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace HmsMesh.Kit.Tests;

/// <summary>A PostgreSQL cluster of the tests' own, started with the first test that needs it. It ends with this process, however that ends.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly string? Bin = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
        : null;

    private static readonly SemaphoreSlim Starting = new(1, 1);
    private static Process? Lifeline;
    private static string? ClusterFolder;
    private static int ServerPort;
    private static int Databases;

    /// <summary>Why there is none.</summary>
    public static string? Missing => Bin is null ? "PostgreSQL is not installed (Debian: postgresql)" : null;

    public static async Task<string> NewDatabaseAsync()
    {
        await Starting.WaitAsync();
        try
        {
            if (Lifeline is null)
            {
                await StartAsync();
            }
        }
        finally
        {
            Starting.Release();
        }

        var name = $"test_{Interlocked.Increment(ref Databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (Lifeline is not { } lifeline)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        lifeline.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await lifeline.WaitForExitAsync(limit.Token);
        lifeline.Dispose();
        Directory.Delete(ClusterFolder!, recursive: true);
    }

    private static string ConnectionString(string database) => $"Host=127.0.0.1;Port={ServerPort};Database={database};Username=mesh;Maximum Pool Size=20";

    private static async Task StartAsync()
    {
        ClusterFolder = Directory.CreateTempSubdirectory("kit-pg-").FullName;
        var data = Path.Combine(ClusterFolder, "data");
        ServerPort = FreePorts.Take();

        // PostgreSQL refuses to run as root.
        var asUser = "";
        if (Environment.UserName == "root")
        {
            await ShellAsync($"chown nobody '{ClusterFolder}'");
            asUser = "setpriv --reuid=nobody --regid=nogroup --clear-groups ";
        }

        await ShellAsync($"cd '{ClusterFolder}' && {asUser}{Bin}/initdb -D '{data}' -U mesh -A trust --no-sync -E UTF8 --locale=C > initdb.log 2>&1 || {{ cat initdb.log >&2; exit 1; }}");

        // The shell waits for the end of its input: this process's end, or its word.
        Lifeline = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList =
            {
                "-c",
                $"cd '{ClusterFolder}'; {asUser}{Bin}/postgres -D '{data}' -p {ServerPort} -k '{ClusterFolder}' -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200 > log 2>&1 & pid=$!; read -r x; kill -INT $pid; wait $pid",
            },
            RedirectStandardInput = true,
            UseShellExecute = false,
        })!;
        await ReadyAsync();
    }

    private static async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync(limit.Token);
                return;
            }
            catch (NpgsqlException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
    }

    private static async Task ShellAsync(string command)
    {
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", command }, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command}: {error}");
        }
    }
}
