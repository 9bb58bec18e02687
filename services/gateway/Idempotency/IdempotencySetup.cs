namespace HmsMesh.Gateway.Idempotency;

internal static class IdempotencySetup
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services) =>
        services.AddSingleton<AnswerStore>().AddSingleton<Answers>().AddHostedService<Housekeeping>();
}
