namespace HmsMesh.Capacity.Dormitories;

/// <summary>Why a change is not made, as the caller is told.</summary>
internal sealed record Refusal(int Status, string Title, string Detail);
