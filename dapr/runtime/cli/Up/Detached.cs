using HmsMesh.Cli.Supervision;

namespace HmsMesh.Cli.Up;

/// <summary>`mesh up --detach`.</summary>
internal static class Detached
{
    public static Task<int> RunAsync(MeshContext context, UpRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();
}
