namespace Dapr.Client;

internal static class Constants
{
    public const string ContentTypeApplicationJson = "application/json";

    public const string ContentTypeCloudEvent = "application/cloudevents+json";
}
