using HmsMesh.Broker;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar;

/// <summary>What the sidecars of one process share.</summary>
/// <param name="Host">Where the sidecars of a process with many find each other; null: a sidecar by itself, which finds others by the names database.</param>
public sealed record SidecarServices(ILoggerFactory Loggers, BrokerPool Brokers, TimeProvider Time, SidecarDirectory? Host = null);
