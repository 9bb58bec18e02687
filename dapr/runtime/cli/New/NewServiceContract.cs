using HmsMesh.Contracts;

namespace HmsMesh.Cli.New;

/// <summary>What a new service tells the mesh of itself: its asyncapi.yaml and the contract of what it says.</summary>
internal static class NewServiceContract
{
    public static string Schema(NewService service) => $$"""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "title": "{{service.Says.Type}}",
          "description": "{{service.AppId}} has heard an event.",
          "x-subject": "eventId",
          "type": "object",
          "required": [
            "eventId"
          ],
          "properties": {
            "eventId": {
              "type": "string",
              "minLength": 1,
              "maxLength": 256,
              "description": "The id of the event that was heard."
            }
          },
          "examples": [
            {
              "eventId": "0198c1f2-7a00-7000-8000-000000000001"
            }
          ]
        }

        """;

    /// <param name="command">What starts it, where that is no binary of its own.</param>
    public static string AsyncApi(NewService service, string command = "")
    {
        var channels = string.Concat(service.Hears.Select(heard => $"""
              {heard.Topic}:
                $ref: ../{heard.Owner}/asyncapi.yaml#/channels/{heard.Channel}

            """));
        var operations = string.Concat(service.Hears.Select(heard => Operation("hear", "receive", heard)));

        return $"""
            # Who says and hears what: `mesh generate` writes subscriptions, topic scopes and dapr.yaml from this file.
            asyncapi: 3.0.0
            id: urn:hms:{service.AppId}
            info:
              title: {service.AppId}
              version: 1.0.0
              description: Payloads are the data of a CloudEvent 1.0.
            defaultContentType: application/json
            x-dapr:
              appPort: {service.AppPort}
              daprHTTPPort: {service.DaprHttpPort}
            {(command.Length == 0 ? "" : $"  command: {command}\n")}channels:
              {service.Says.Topic}:
                address: {service.Says.Topic}
                title: {service.AppId} has heard an event
                messages:
                  event:
                    name: {CloudEventFactory.TypeOf(service.Says.Topic)}
                    title: {service.AppId} has heard an event
                    contentType: application/json
                    payload:
                      schemaFormat: application/schema+json;version=draft-07
                      schema:
                        $ref: contracts/{service.Says.Topic}.json
            {channels}operations:
            {Operation("say", "send", service.Says)}{operations}
            """;
    }

    private static string Operation(string verb, string action, NewEvent @event) => $"""
          {verb}{@event.Type}:
            action: {action}
            channel:
              $ref: '#/channels/{@event.Topic}'

        """;
}
