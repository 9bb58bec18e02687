using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Resiliency;
using Polly;

namespace HmsMesh.Sidecar.Invocation;

/// <summary>What holds for the calls of one path of a target.</summary>
/// <param name="HasRetries">A body may have to be sent again.</param>
/// <param name="OneTry">For a body that can be sent once only.</param>
internal sealed record CallPolicy(bool HasRetries, ResiliencePipeline<CallOutcome> WithRetries, ResiliencePipeline<CallOutcome> OneTry, CircuitBreaker? Breaker);
