using System.Text.Json;
using HmsMesh.Contracts;

namespace HmsMesh.Kit.Tests;

/// <summary>Events for the sample service.</summary>
internal static class Events
{
    private static readonly Contract Contract = ContractBook.FromAssembly(typeof(Events).Assembly).TryGet("beds.low", out var c) ? c : throw new InvalidOperationException();

    public static CloudEvent Low(string? facility = "gulfport", int bedsFree = 4, long? sequence = null, string? note = null) =>
        CloudEventFactory.Create(
            Contract,
            JsonSerializer.SerializeToElement(
                new Dictionary<string, object?> { ["bedsFree"] = bedsFree, ["facility"] = facility, ["note"] = note }.Where(p => p.Value is not null).ToDictionary()),
            "capacity",
            TimeProvider.System.GetUtcNow(),
            sequence);
}
