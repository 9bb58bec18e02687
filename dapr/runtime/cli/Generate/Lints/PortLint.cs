using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>`dapr run` starts all services on one machine: no two may have a port in common.</summary>
internal sealed class PortLint : ILint
{
    public IEnumerable<Problem> Check(MeshModel mesh) =>
        from port in mesh.Services
            .SelectMany(s => new[] { (s.AppId, Port: s.AppPort, Source: s.Source.Find("/x-dapr/appPort")!), (s.AppId, Port: s.DaprHttpPort, Source: s.Source.Find("/x-dapr/daprHTTPPort")!) })
            .GroupBy(p => p.Port)
        from again in port.Skip(1)
        select again.Source.Fault($"port {port.Key} is {port.First().AppId}'s already", "take the next free one");
}
