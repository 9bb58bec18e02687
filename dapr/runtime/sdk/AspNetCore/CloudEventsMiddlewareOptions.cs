namespace Dapr;

/// <summary>How envelopes are taken off.</summary>
public class CloudEventsMiddlewareOptions
{
    /// <summary>Data of a text type stay a JSON string.</summary>
    public bool SuppressJsonDecodingOfTextPayloads { get; set; }

    /// <summary>The attributes are given to the endpoint as headers Cloudevent.NAME.</summary>
    public bool ForwardCloudEventPropertiesAsHeaders { get; set; }

    /// <summary>These only.</summary>
    public string[] IncludedCloudEventPropertiesAsHeaders { get; set; } = null!;

    /// <summary>All but these.</summary>
    public string[] ExcludedCloudEventPropertiesFromHeaders { get; set; } = null!;
}
