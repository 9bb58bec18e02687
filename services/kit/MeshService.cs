using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using HmsMesh.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Kit;

/// <summary>A service of the mesh: what it says, what it hears, its own routes; everything else is given.</summary>
public sealed class MeshService
{
    private readonly WebApplicationBuilder _builder;
    private readonly Assembly _assembly;

    // A field that has no value isn't there: to a contract, null is a value of its own.
    private readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private readonly List<Action<WebApplication>> _routes = [];
    private readonly List<Hearing> _hearings = [];
    private readonly Speech _speech;

    private MeshService(WebApplicationBuilder builder, Assembly assembly)
    {
        _builder = builder;
        _assembly = assembly;
        _speech = new Speech(_json);
        Contracts = ContractBook.FromAssembly(assembly);
        AppId = MeshSettings.ReadAppId(builder.Configuration, assembly.GetName().Name!);
    }

    /// <summary>Who this is in the mesh: APP_ID, else the name of the program.</summary>
    public string AppId { get; }

    public IConfiguration Configuration => _builder.Configuration;

    /// <summary>Plain dependency injection.</summary>
    public IServiceCollection Services => _builder.Services;

    /// <summary>The contracts that the program carries; a program of one file adds its own.</summary>
    public ContractBook Contracts { get; }

    internal IReadOnlyList<string> HeardTopics => [.. _hearings.Select(h => h.Topic).Distinct(StringComparer.Ordinal)];

    /// <summary>Begins a service; contracts and SQL are those embedded in the calling assembly.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static MeshService Create(string[] args) => Create(args, Assembly.GetCallingAssembly());

    /// <summary>Begins a service whose contracts and SQL are embedded in <paramref name="assembly"/>.</summary>
    public static MeshService Create(string[] args, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(assembly);
        return new MeshService(WebApplication.CreateSlimBuilder(args), assembly);
    }

    /// <summary>Declares an event that this service says. Its contract must be there.</summary>
    public MeshService Says<T>(string topic)
    {
        _speech.Add(topic, typeof(T), ContractOf(topic));
        return this;
    }

    /// <summary>Declares an event that this service hears, and what it does then. Its contract must be there.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="handler">Runs in one transaction; may run again when it fails.</param>
    /// <param name="name">Told apart by it where a topic has two handlers; it must stay the same from release to release.</param>
    public MeshService Hears<T>(string topic, Func<T, Handling, CancellationToken, Task> handler, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        name ??= topic;
        if (_hearings.Exists(h => h.Name == name))
        {
            throw new MeshConfigurationException($"{AppId} has two handlers named {name}: give the second one a name of its own.");
        }

        _hearings.Add(new Hearing(topic, name, ContractOf(topic), (data, json, handling, token) => handler(Read<T>(topic, data, json), handling, token)));
        return this;
    }

    /// <summary>Maps the service's own routes; they need the app token unless they are marked public.</summary>
    public MeshService Routes(Action<WebApplication> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        _routes.Add(map);
        return this;
    }

    /// <summary>Reads and writes records by source-generated metadata, which starts faster than reflection.</summary>
    public MeshService Json(IJsonTypeInfoResolver resolver)
    {
        _json.TypeInfoResolverChain.Add(resolver);
        return this;
    }

    /// <summary>The host, not started.</summary>
    public WebApplication Build()
    {
        if (_json.TypeInfoResolverChain.Count > 0)
        {
            _json.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        }

        var definition = new MeshDefinition(_speech, _hearings, Migration.Of(_assembly), _json);
        _builder.AddMesh(definition, AppId);
        var app = _builder.Build();
        app.UseMesh(definition);
        _routes.ForEach(map => map(app));
        return app;
    }

    /// <summary>Runs until it is told to stop. Where it is set up so that it cannot run, it says so in one line and ends with exit code 1.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await HostingAbstractionsHostExtensions.RunAsync(Build(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MeshConfigurationException or MigrationException)
        {
            await Console.Error.WriteLineAsync($"{AppId} cannot start: {e.Message}").ConfigureAwait(false);
            Environment.ExitCode = 1;
        }
    }

    private Contract ContractOf(string topic)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        return Contracts.TryGet(topic, out var contract)
            ? contract
            : throw new MeshConfigurationException($"{AppId} names the topic {topic}, and no contract does: put contracts/{topic}.json beside the service that says it.");
    }

    private static T Read<T>(string topic, JsonElement data, JsonSerializerOptions json) =>
        data.Deserialize<T>(json) ?? throw new JsonException($"The payload of {topic} is null, which {typeof(T).Name} is not.");
}
