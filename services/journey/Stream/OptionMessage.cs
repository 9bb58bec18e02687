namespace HmsMesh.Journey.Stream;

/// <summary>What a page is told of one facility.</summary>
internal sealed record OptionMessage(string Facility, bool CanApply);
