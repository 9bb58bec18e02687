using System.Reflection;
using HmsMesh.Kit;
using HmsMesh.Testing.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Testing;

/// <summary>What an in-process mesh is made of.</summary>
public sealed class MeshBuilder
{
    internal MeshBuilder()
    {
    }

    internal Dictionary<string, Func<ServiceSettings, IServiceHost>> Hosts { get; } = new(StringComparer.Ordinal);

    internal List<MeshLambda> Lambdas { get; } = [];

    internal HashSet<Assembly> Assemblies { get; } = [];

    internal bool HasPrograms => Assemblies.Count > 0;

    internal string? ResourcesFolder { get; private set; }

    internal Func<string, string?> Connections { get; private set; } = _ => null;

    internal Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a service by its program: <typeparamref name="TService"/> is any public class of its assembly. Its app id is the
    /// assembly's name.</summary>
    /// <param name="services">Changes what the program registered, such as limits for a test.</param>
    public MeshBuilder Add<TService>(Action<IServiceCollection>? services = null)
        where TService : class
    {
        var appId = typeof(TService).Assembly.GetName().Name!;
        Assemblies.Add(typeof(TService).Assembly);
        AddHost(appId, settings => new ProgramHost<TService>(settings, services));
        return this;
    }

    /// <summary>Adds a service that is written here: what it says and hears, with contracts of its own where it has them.</summary>
    public MeshBuilder Service(string appId, Action<MeshService> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(appId);
        ArgumentNullException.ThrowIfNull(configure);
        Lambdas.Add(new MeshLambda(appId, configure));
        AddHost(appId, settings => new LambdaHost(settings, configure));
        return this;
    }

    /// <summary>Takes subscriptions, scopes and components of programs from this folder instead of the repository's components/embedded.</summary>
    public MeshBuilder Resources(string folder)
    {
        ResourcesFolder = folder;
        return this;
    }

    /// <summary>Gives services databases of the test's own, by app id, instead of a SQLite file each; null keeps the file.</summary>
    public MeshBuilder Databases(Func<string, string?> connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        Connections = connectionString;
        return this;
    }

    /// <summary>Sets a key of every service's configuration, such as Auth:Issuer.</summary>
    public MeshBuilder Setting(string key, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        Settings[key] = value;
        return this;
    }

    /// <summary>Puts a secret into the secret store, as `mesh up` makes those that a service asks for.</summary>
    public MeshBuilder Secret(string name, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Secrets[name] = value;
        return this;
    }

    private void AddHost(string appId, Func<ServiceSettings, IServiceHost> host)
    {
        if (!Hosts.TryAdd(appId, host))
            throw new InvalidOperationException($"The mesh has a service {appId} already.");
    }
}
