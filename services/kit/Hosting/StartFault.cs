using System.Net.Sockets;

namespace HmsMesh.Kit;

/// <summary>Why a service cannot start, in one line, where the reason lies outside the program.</summary>
internal static class StartFault
{
    /// <summary>Null for everything else: a bug keeps its stack trace.</summary>
    public static string? Of(Exception exception) => exception switch
    {
        MeshConfigurationException or MigrationException => exception.Message,
        IOException { InnerException: not null } when exception.GetBaseException() is SocketException socket =>
            $"APP_PORT: {exception.Message.TrimEnd('.')} ({socket.Message}).",
        SocketException => $"APP_PORT: {exception.Message}.",
        _ => null,
    };
}
