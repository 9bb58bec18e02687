using HmsMesh.Broker;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>An event of a bulk delivery.</summary>
/// <param name="Index">Its place among the deliveries that the broker handed over.</param>
internal readonly record struct BulkItem(int Index, string EntryId, Delivery Delivery, PreparedEvent Prepared);
