using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using HmsMesh.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Kit;

/// <summary>A service of the mesh: what it says, what it hears, its own routes; everything else is given.</summary>
public sealed class MeshService
{
    private readonly WebApplicationBuilder _builder;

    private MeshService(WebApplicationBuilder builder, Assembly assembly)
    {
        _builder = builder;
        Assembly = assembly;
    }

    /// <summary>Who this is in the mesh: APP_ID, else the name of the program.</summary>
    public string AppId => throw new NotImplementedException();

    public IConfiguration Configuration => _builder.Configuration;

    /// <summary>Plain dependency injection.</summary>
    public IServiceCollection Services => _builder.Services;

    /// <summary>The contracts that the program carries; a program of one file adds its own.</summary>
    public ContractBook Contracts => throw new NotImplementedException();

    internal Assembly Assembly { get; }

    /// <summary>Begins a service; contracts and SQL are those embedded in the calling assembly.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static MeshService Create(string[] args) => Create(args, Assembly.GetCallingAssembly());

    /// <summary>Begins a service whose contracts and SQL are embedded in <paramref name="assembly"/>.</summary>
    public static MeshService Create(string[] args, Assembly assembly) => throw new NotImplementedException();

    /// <summary>Declares an event that this service says. Its contract must be there.</summary>
    public MeshService Says<T>(string topic) => throw new NotImplementedException();

    /// <summary>Declares an event that this service hears, and what it does then. Its contract must be there.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="handler">Runs in one transaction; may run again when it fails.</param>
    /// <param name="name">Told apart by it where a topic has two handlers; it must stay the same from release to release.</param>
    public MeshService Hears<T>(string topic, Func<T, Handling, CancellationToken, Task> handler, string? name = null) => throw new NotImplementedException();

    /// <summary>Maps the service's own routes; they need the app token unless they are marked public.</summary>
    public MeshService Routes(Action<WebApplication> map) => throw new NotImplementedException();

    /// <summary>Reads and writes records by source-generated metadata, which starts faster than reflection.</summary>
    public MeshService Json(IJsonTypeInfoResolver resolver) => throw new NotImplementedException();

    /// <summary>The host, not started.</summary>
    public WebApplication Build() => throw new NotImplementedException();

    /// <summary>Runs until it is told to stop.</summary>
    public Task RunAsync(CancellationToken cancellationToken = default) => HostingAbstractionsHostExtensions.RunAsync(Build(), cancellationToken);
}
