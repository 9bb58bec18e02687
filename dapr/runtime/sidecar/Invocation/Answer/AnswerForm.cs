using System.Net;

namespace HmsMesh.Sidecar.Invocation.Answer;

/// <summary>What is wrong with an answer beyond what the client finds by itself.</summary>
internal static class AnswerForm
{
    /// <summary>Throws <see cref="HttpRequestException"/>, and disposes the answer, where it can't be handed on.</summary>
    public static void Check(HttpResponseMessage response)
    {
        var problem = response.StatusCode == HttpStatusCode.SwitchingProtocols ? "the answer switches protocols, which nobody asked for"
            : response.Content.Headers.ContentLength is null && response.Content.Headers.NonValidated.Contains("content-length")
                ? "the answer's Content-Length is no number"
            : null;
        if (problem is not null)
        {
            response.Dispose();
            throw new HttpRequestException(problem);
        }
    }
}
