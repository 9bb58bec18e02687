namespace HmsMesh.Services.Tests.Mesh;

/// <summary>What the four services do when a facility runs short of beds, on SQLite.</summary>
public class ReactionTests(AfrhMesh afrh) : Reactions(afrh), IClassFixture<AfrhMesh>;
