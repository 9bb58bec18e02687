using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Invocation.Internal;
using HmsMesh.Sidecar.Invocation.Request;

namespace HmsMesh.Sidecar.Invocation;

/// <summary>An app behind a sidecar in another process, at the address that the names tell.</summary>
internal sealed class RemoteCallee(string appId, string address, SidecarClient client) : ICallee
{
    private readonly string _root = $"http://{address}";

    public string Address => address;

    public async ValueTask<CallOutcome> CallAsync(CallRequest request, CancellationToken cancellationToken)
    {
        var message = request.Make(_root);
        try
        {
            client.Caller.Add(message, appId);
            message.Headers.TryAddWithoutValidation(SidecarHeaders.Token, client.Token.Get());
            message.Headers.TryAddWithoutValidation(SidecarHeaders.App, appId);
            var response = await client.Http.SendAsync(message, cancellationToken).ConfigureAwait(false);
            var outcome = CallOutcome.Of(message, response);
            if (!response.Headers.NonValidated.TryGetValues(SidecarHeaders.Fault, out var fault))
            {
                return outcome;
            }

            using (outcome)
            {
                if (response.StatusCode == System.Net.HttpStatusCode.Unauthorized)
                {
                    client.Token.Doubt();
                }

                var text = await TextAsync(response, cancellationToken).ConfigureAwait(false);
                return CallOutcome.Of(Enum.TryParse(fault.ToString(), out FaultKind kind) && Enum.IsDefined(kind) ? kind : FaultKind.App, text);
            }
        }
        catch (SidecarException refused)
        {
            message.Dispose();
            return CallOutcome.Of(FaultKind.App, refused.Message);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            message.Dispose();
            return request.Body.Failure is { } own ? CallOutcome.Of(CallFault.OfBody(own)) : CallOutcome.Of(FaultKind.Unavailable, $"the sidecar at {address}: {CallFault.Reason(failure)}");
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private static async ValueTask<string> TextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[CallFault.LongestMessage];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }
}
