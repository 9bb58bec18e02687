namespace HmsMesh.Conformance;

/// <summary>How many deliveries are at least as good as what daprd recorded.</summary>
public sealed record ScenarioBetter(int AtLeast);
