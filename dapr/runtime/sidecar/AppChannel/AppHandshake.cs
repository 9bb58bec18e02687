using HmsMesh.Sidecar.Resiliency;

namespace HmsMesh.Sidecar.AppChannel;

/// <summary>What a sidecar asks of its app at the start; asked again, as the policy says, where the app can't be reached.</summary>
internal static class AppHandshake
{
    /// <summary>The answer; null where the app could not be reached by any try.</summary>
    public static async Task<AppAnswer?> AskAsync(
        AppClient client, string path, RetryPolicy retry, TimeProvider time, CancellationToken cancellationToken)
    {
        var tries = 0;
        while (true)
        {
            try
            {
                using var request = client.Request(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation("dapr-app-id", client.Options.AppId);
                request.Content = new ReadOnlyMemoryContent(ReadOnlyMemory<byte>.Empty);
                request.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
                return await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                if (retry.DelayAfter(++tries) is not { } delay)
                {
                    return null;
                }

                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
