using System.Text.Json;

namespace HmsMesh.Kit;

/// <summary>What the program declared.</summary>
internal sealed record MeshDefinition(Speech Speech, IReadOnlyList<Hearing> Hearings, IReadOnlyList<Migration> Migrations, JsonSerializerOptions Json);
