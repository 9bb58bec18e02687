using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Invocation.Answer;

/// <summary>Why a call has no answer of an app, in words.</summary>
internal sealed record CallFault(FaultKind Kind, string Message)
{
    /// <summary>Longer texts of other sidecars are cut off.</summary>
    public const int LongestMessage = 4_096;

    /// <summary>As Go says it.</summary>
    public const string BodyTooLarge = "http: request body too large";

    public static CallFault Of(Exception failure, string what) => new(FaultKind.App, $"{what}: {Reason(failure)}");

    /// <summary>The request's own body failed.</summary>
    public static CallFault OfBody(Exception failure) =>
        new(FaultKind.Refused, failure is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? BodyTooLarge : failure.Message);

    /// <summary>What happened, without the wrappings.</summary>
    public static string Reason(Exception failure)
    {
        while (failure is HttpRequestException && failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionRefused }
            ? "connection refused"
            : failure.Message;
    }
}
