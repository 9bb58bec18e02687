namespace HmsMesh.Journey.Claims;

/// <summary>How far a claim is. What is said of a later stage counts, whatever the order of arrival; of the same stage, what was said
/// later. A denied claim is owed nothing, so nothing follows it.</summary>
internal enum ClaimStage
{
    Submitted,
    Approved,
    Payment,
    Denied,
}
