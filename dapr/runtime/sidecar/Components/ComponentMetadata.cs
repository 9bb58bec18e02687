using System.Globalization;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Components;

/// <summary>A component's metadata by kind of value, as Dapr reads them: names without regard to case.</summary>
public sealed class ComponentMetadata(ComponentResource resource)
{
    public string? Text(string name) => resource.Metadata.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public string Required(string name) => Text(name) ?? throw Fault(name, "is missing");

    /// <summary>y, yes, true, t, on and 1 are true, in any case; everything else is false, as daprd has it.</summary>
    public bool Flag(string name, bool otherwise = false) => Text(name) is { } text
        ? text.ToUpperInvariant() is "Y" or "YES" or "TRUE" or "T" or "ON" or "1"
        : otherwise;

    /// <summary>A duration as Go writes it, or a number of the unit.</summary>
    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan numberUnit) => Text(name) switch
    {
        null => otherwise,
        var text when GoDuration.TryParse(text, out var duration) => duration,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < int.MaxValue => numberUnit * number,
        var text => throw Fault(name, $"must be a duration such as 5s or 200ms, and is '{text}'"),
    };

    public TimeSpan Duration(string name, TimeSpan otherwise) => Duration(name, otherwise, TimeSpan.FromSeconds(1));

    public long Whole(string name, long otherwise) => Text(name) switch
    {
        null => otherwise,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw Fault(name, $"must be a whole number, and is '{text}'"),
    };

    /// <summary>A size in bytes as Kubernetes writes quantities: 10Gi, 512k, 4096.</summary>
    public long Quantity(string name, long otherwise) => Text(name) switch
    {
        null => otherwise,
        var text when Resources.Quantity.TryParse(text, out var bytes) => bytes,
        var text => throw Fault(name, $"must be a size such as 4Mi or 10Gi, and is '{text}'"),
    };

    public SidecarException Fault(string name, string problem) =>
        new($"{resource.SourceOf(name)}: the metadata '{name}' of component '{resource.Name}' ({resource.Type}) {problem.TrimEnd('.')}.");
}
