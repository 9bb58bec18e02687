using Microsoft.AspNetCore.Http.Metadata;

namespace HmsMesh.Gateway.Limits;

/// <summary>How large a request's body may be; the framework sets it as soon as the route is known.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
