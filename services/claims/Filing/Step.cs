namespace HmsMesh.Claims.Filing;

/// <summary>A step of a claim: when, and how long after the form came.</summary>
internal sealed record Step(string Name, string At, long Ms);
