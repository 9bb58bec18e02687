using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
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
    // Letters of all languages are written as they are: escaped, they would count six-fold toward the limit.
    private readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new WholeNumbers() },
    };
    private readonly List<Action<WebApplication>> _routes = [];
    private readonly List<Hearing> _hearings = [];
    private readonly List<string> _heard = [];
    private readonly List<string> _faults = [];
    private readonly Speech _speech;

    private MeshService(WebApplicationBuilder builder, Assembly assembly)
    {
        _builder = builder;
        _assembly = assembly;
        _speech = new Speech(_json);
        Contracts = ContractBook.FromAssembly(assembly);
        AppId = assembly.GetName().Name!;
        Declare(() => AppId = MeshSettings.ReadAppId(builder.Configuration, AppId));
    }

    /// <summary>Who this is in the mesh: APP_ID, else the name of the program.</summary>
    public string AppId { get; private set; }

    public IConfiguration Configuration => _builder.Configuration;

    /// <summary>Plain dependency injection.</summary>
    public IServiceCollection Services => _builder.Services;

    /// <summary>The contracts that the program carries; a program of one file adds its own.</summary>
    public ContractBook Contracts { get; }

    internal IReadOnlyList<string> HeardTopics => [.. _heard.Distinct(StringComparer.Ordinal)];

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

    /// <summary>Declares an event that this service says. Its contract must be there when the service is built.</summary>
    public MeshService Says<T>(string topic)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        return Declare(() => _speech.Add(topic, typeof(T), ContractOf(topic)));
    }

    /// <summary>Declares an event that this service hears, and what it does then. Its contract must be there when the service is built.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="handler">Runs in one transaction; may run again when it fails.</param>
    /// <param name="name">Told apart by it where a topic has two handlers; it must stay the same from release to release.</param>
    public MeshService Hears<T>(string topic, Func<T, Handling, CancellationToken, Task> handler, string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        ArgumentNullException.ThrowIfNull(handler);
        name ??= topic;
        _heard.Add(topic);
        return Declare(() =>
        {
            if (_hearings.Exists(h => h.Name == name))
            {
                throw new MeshConfigurationException($"two handlers are named {name}: give the second one a name of its own.");
            }

            _hearings.Add(new Hearing(topic, name, ContractOf(topic), (data, json, handling, token) => handler(Read<T>(topic, data, json), handling, token)));
        });
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

    /// <summary>The host, not started. Throws <see cref="MeshConfigurationException"/>, with everything that is wrong in what was declared.</summary>
    public WebApplication Build()
    {
        if (_faults.Count > 0)
        {
            throw new MeshConfigurationException(string.Join(' ', _faults));
        }

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
        catch (Exception e) when (StartFault.Of(e) is not null)
        {
            await Console.Error.WriteLineAsync($"{AppId} cannot start: {StartFault.Of(e)}").ConfigureAwait(false);
            Environment.ExitCode = 1;
        }
    }

    // What is wrong is told when the service is built, all of it at once: a program of five lines has no place to catch it before.
    private MeshService Declare(Action declare)
    {
        try
        {
            declare();
        }
        catch (Exception e) when (e is MeshConfigurationException or ContractException)
        {
            _faults.Add(e.Message);
        }

        return this;
    }

    private Contract ContractOf(string topic) => Contracts.TryGet(topic, out var contract)
        ? contract
        : throw new MeshConfigurationException($"no contract names the topic {topic}: put contracts/{topic}.json beside the service that says it.");

    private static T Read<T>(string topic, JsonElement data, JsonSerializerOptions json)
    {
        try
        {
            return data.Deserialize<T>(json) ?? throw new UnreadablePayloadException($"the payload of {topic} is null, which {typeof(T).Name} is not", null);
        }
        catch (JsonException e)
        {
            throw new UnreadablePayloadException($"the payload of {topic} keeps to its contract, and {typeof(T).Name} cannot hold it: {e.Message}", e);
        }
    }
}
