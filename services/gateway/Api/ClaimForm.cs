using System.ComponentModel.DataAnnotations;

namespace HmsMesh.Gateway.Api;

/// <summary>What a citizen says to claim unemployment pay.</summary>
internal sealed record ClaimForm
{
    /// <summary>The last employer.</summary>
    [Required, StringLength(80, MinimumLength = 1)]
    public required string Employer { get; init; }

    /// <summary>The last day of work.</summary>
    [Required]
    public required DateOnly LastDay { get; init; }

    /// <summary>laid-off, hours-reduced, quit or misconduct.</summary>
    [Required, AllowedValues("laid-off", "hours-reduced", "quit", "misconduct")]
    public required string Reason { get; init; }

    /// <summary>Weeks worked in the base period.</summary>
    [Range(0, 520)]
    public required int WeeksWorked { get; init; }

    /// <summary>Dollars earned in a week now, with at most two decimals.</summary>
    public required decimal WeeklyIncome { get; init; }

    /// <summary>Able and available to work.</summary>
    public required bool AbleToWork { get; init; }

    public required bool Veteran { get; init; }

    /// <summary>The address of a document that was uploaded before.</summary>
    public string? Document { get; init; }
}
