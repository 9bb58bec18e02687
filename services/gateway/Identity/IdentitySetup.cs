using HmsMesh.Gateway.Limits;

namespace HmsMesh.Gateway.Identity;

internal static class IdentitySetup
{
    public static IServiceCollection AddIdentity(this IServiceCollection services) => services.AddSingleton<UnknownKeys>().AddSingleton<Subjects>();

    public static void UseDoor(this WebApplication app) => app.UseMiddleware<Door>();
}
