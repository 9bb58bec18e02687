namespace HmsMesh.Chaos.Tests;

/// <summary>How large a run is: `mesh test --long` has the full sizes.</summary>
internal static class Size
{
    public static int Of(int usual, int full) => Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? full : usual;
}
