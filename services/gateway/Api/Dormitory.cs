namespace HmsMesh.Gateway.Api;

/// <summary>A dormitory of the Armed Forces Retirement Home.</summary>
internal sealed record Dormitory(string Id, string Facility, string Name, int Beds, int Residents, bool Closed, int BedsFree);
