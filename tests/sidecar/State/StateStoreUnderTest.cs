using System.Net;
using System.Net.Http.Json;
using HmsMesh.Sidecar.Tests.Core;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Tests.State;

/// <summary>A sidecar with a state.sqlite named store.</summary>
internal static class StateStoreUnderTest
{
    public static Dictionary<string, string> Files(Folder data, params string[] metadata) => Files($"{data.At("state.db")}", metadata);

    public static Dictionary<string, string> Files(string connection, params string[] metadata) => new()
    {
        ["store.yaml"] = CoreHost.Component("store", "state.sqlite", [$"name: connectionString, value: '{connection}'", .. metadata]),
    };

    public static async Task<(HttpStatusCode Status, string Body)> SaveAsync(this CoreHost host, string key, object value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1.0/state/store") { Content = JsonContent.Create(new[] { new { key, value } }) };

        // A body that is refused by its length is answered before it is sent, and the connection closed: who sends on may miss the answer.
        request.Headers.ExpectContinue = true;
        await request.Content.LoadIntoBufferAsync(CoreHost.Token);
        using var answer = await host.Http.SendAsync(request, CoreHost.Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(CoreHost.Token));
    }

    public static async Task<string> ReadAsync(this CoreHost host, string key)
    {
        using var answer = await host.Http.GetAsync($"/v1.0/state/store/{key}", CoreHost.Token);
        return await answer.Content.ReadAsStringAsync(CoreHost.Token);
    }

    /// <summary>Another process's connection to the file, as SQLite sees it.</summary>
    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout=30");
        connection.Open();
        return connection;
    }

    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
