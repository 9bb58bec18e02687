using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>A rule about the services' files.</summary>
internal interface ILint
{
    IEnumerable<Problem> Check(MeshModel mesh);
}
