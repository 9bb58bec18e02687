using System.Text.Json;
using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>A payload that passed its contract and waits for the commit.</summary>
internal sealed record Saying(Contract Contract, JsonElement Data);
