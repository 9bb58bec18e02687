using System.Text.Json.Serialization;
using Dapr.Client;

namespace Dapr;

/// <summary>A CloudEvent with its data.</summary>
public class CloudEvent<TData>(TData data) : CloudEvent
{
    /// <summary>The data.</summary>
    public TData Data { get; } = data;

    /// <summary>The data's type.</summary>
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; } = Constants.ContentTypeApplicationJson;
}
