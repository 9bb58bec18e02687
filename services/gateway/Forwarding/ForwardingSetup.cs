namespace HmsMesh.Gateway.Forwarding;

internal static class ForwardingSetup
{
    public static IServiceCollection AddForwarding(this IServiceCollection services) => services.AddSingleton<ServiceClient>().AddSingleton<OpenStreams>().AddSingleton<Forwarder>();
}
