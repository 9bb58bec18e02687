using System.Globalization;

namespace HmsMesh.Kit;

/// <summary>Which of a service's instances this is. One that is started again on its port is the same, and goes on at once with what it
/// held when it died.</summary>
internal sealed class Instance(MeshSettings settings)
{
    /// <summary>How long an instance that died keeps others from its subjects.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    public string Name { get; } = settings.Port is > 0 and var port
        ? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{port}")
        : Guid.CreateVersion7().ToString();
}
