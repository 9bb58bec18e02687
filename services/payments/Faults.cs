using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Payments;

/// <summary>What is wrong with what was asked, by field.</summary>
internal static class Faults
{
    public static ProblemHttpResult OfTake(int most) => Of("take", $"\"take\" is a whole number from 1 to {most}.");

    public static ProblemHttpResult Of(string field, string text) => TypedResults.Problem(
        new HttpValidationProblemDetails(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [text] })
        {
            Status = StatusCodes.Status422UnprocessableEntity,
        });
}
