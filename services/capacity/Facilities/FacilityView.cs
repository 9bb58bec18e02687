namespace HmsMesh.Capacity.Facilities;

/// <summary>A facility as the API shows it.</summary>
internal sealed record FacilityView(string Id, string Name, int BedsFree, int Threshold, bool Low);
