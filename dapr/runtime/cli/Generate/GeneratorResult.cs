using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate;

/// <param name="Mesh">Null where the services could not be read.</param>
/// <param name="Files">How many files generate makes.</param>
internal sealed record GeneratorResult(MeshModel? Mesh, IReadOnlyList<Problem> Problems, IReadOnlyList<Difference> Differences, int Files);
