namespace HmsMesh.Services.Tests.Mesh;

/// <summary>Events out of order, on SQLite.</summary>
public class OrderTests(AfrhMesh afrh) : Orders(afrh), IClassFixture<AfrhMesh>;
