using System.ComponentModel.DataAnnotations;

namespace HmsMesh.Gateway.Api;

/// <summary>Where a citizen is paid. It is kept in the payee vault of payments, and nowhere else.</summary>
internal sealed record Payee
{
    [Required, StringLength(60, MinimumLength = 1)]
    public required string Holder { get; init; }

    /// <summary>Nine digits with a right check digit.</summary>
    [Required, RegularExpression("^[0-9]{9}$")]
    public required string Routing { get; init; }

    [Required, RegularExpression("^[0-9]{4,17}$")]
    public required string Account { get; init; }

    [Required, AllowedValues("checking", "savings")]
    public required string Kind { get; init; }
}
