using HmsMesh.Capacity.Facilities;

namespace HmsMesh.Capacity.Dormitories;

/// <summary>The answer to a change: how the dormitory and its facility are now.</summary>
internal sealed record DormitoryChange(Dormitory Dormitory, FacilityView Facility);
