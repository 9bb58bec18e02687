using System.Net.Mime;
using System.Text;
using HmsMesh.Capacity.Dormitories;

namespace HmsMesh.Capacity.Answers;

/// <summary>An answer already given under an Idempotency-Key.</summary>
internal sealed record Answer
{
    public const string Header = "Idempotency-Key";

    public string Request { get; init; } = "";

    public int Status { get; init; }

    public string Body { get; init; } = "";

    public Refusal Mismatch => new(
        StatusCodes.Status422UnprocessableEntity, Header, $"This {Header} was used for another request ({Request}).");

    public bool Fits(Request request) => string.Equals(Request, request.Text, StringComparison.Ordinal);

    public IResult Again() => TypedResults.Text(Body, MediaTypeNames.Application.Json, Encoding.UTF8, Status);
}
