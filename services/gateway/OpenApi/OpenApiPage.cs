using HmsMesh.Gateway.Api;
using HmsMesh.Gateway.Idempotency;
using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.SignIn;
using HmsMesh.Kit;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HmsMesh.Gateway.OpenApi;

/// <summary>GET /openapi/v1.json, which the portal's page /api-docs shows.</summary>
internal static class OpenApiPage
{
    public static IServiceCollection AddOpenApiPage(this IServiceCollection services) => services.AddOpenApi("v1", openApi =>
    {
        openApi.AddDocumentTransformer(Describe);
        openApi.AddOperationTransformer(CompleteAsync);
    });

    public static void MapOpenApiPage(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").Public();

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "HmsMesh API",
            Version = "v1",
            Description = "The one door of the mesh. Show an access token, an API key, or the cookie of a signed-in browser (with X-CSRF: 1 on changes). "
                + "Refusals are application/problem+json (RFC 9457). A change that may be sent twice carries an Idempotency-Key.",
        };
        var schemes = (document.Components ??= new OpenApiComponents()).SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        schemes["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "./mesh token citizen diego" };
        schemes["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = Door.KeyHeader, Description = "./mesh token apikey" };
        schemes["session"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = Sessions.Cookie };
        return Task.CompletedTask;
    }

    private static async Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<Destination>().LastOrDefault()?.Scope is { } scope)
        {
            operation.Description = $"Needs the permission `{scope}`.";
            operation.Security = [.. new[] { "token", "key", "session" }.Select(name => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, context.Document)] = [] })];
        }

        foreach (var query in metadata.OfType<QueryMetadata>())
            (operation.Parameters ??= []).Add(Parameter(query.Name, ParameterLocation.Query, query.Description));
        if (metadata.OfType<BodyMetadata>().LastOrDefault() is { } body)
            operation.RequestBody = await BodyAsync(body, context, ct);
        if (metadata.OfType<ChangeMetadata>().Any())
        {
            (operation.Parameters ??= []).Add(Parameter(Answers.Header, ParameterLocation.Header, "Sent twice, the request is answered once: the second time as the first."));
            operation.Parameters.Add(Parameter(Door.CsrfHeader, ParameterLocation.Header, "1, where the proof is a cookie."));
        }
    }

    private static async Task<OpenApiRequestBody> BodyAsync(BodyMetadata body, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        IOpenApiSchema schema;
        if (body.Type == typeof(byte[]))
        {
            schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        }
        else
        {
            context.Document!.AddComponent(body.Type.Name, await context.GetOrCreateSchemaAsync(body.Type, parameterDescription: null, ct));
            schema = new OpenApiSchemaReference(body.Type.Name, context.Document);
        }

        var content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        foreach (var type in body.ContentTypes)
            content[type] = new OpenApiMediaType { Schema = schema };
        return new OpenApiRequestBody { Required = true, Content = content };
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string description) =>
        new() { Name = name, In = place, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
