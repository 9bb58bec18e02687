using HmsMesh.Broker;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar;

/// <summary>What the sidecars of one process share.</summary>
public sealed record SidecarServices(ILoggerFactory Loggers, BrokerPool Brokers, TimeProvider Time);
