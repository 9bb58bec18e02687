using System.Text.Json;
using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>One thing that the service hears, and what it does then.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Name">The handler's name in the inbox.</param>
/// <param name="Contract">What the payload must look like.</param>
/// <param name="Run">The handler, given the payload and how to read it.</param>
internal sealed record Hearing(string Topic, string Name, Contract Contract, Func<JsonElement, JsonSerializerOptions, Handling, CancellationToken, Task> Run);
