using HmsMesh.Kit;

namespace HmsMesh.Auth.Authorize;

/// <summary>What a person reads, in English and Spanish.</summary>
internal sealed record Texts
{
    private static readonly Texts English = new()
    {
        Language = "en",
        Brand = "Sign-in",
        Title = "Sign in",
        Continue = client => $"to continue to {client}",
        NameLabel = "User name",
        SecretLabel = "Password",
        Submit = "Sign in",
        Wrong = "The user name or the password is not right. Please try again.",
        Locked = minutes => minutes == 1
            ? "There were too many tries. Please try again in a minute."
            : $"There were too many tries. Please try again in {minutes} minutes.",
        Demonstration = "This sign-in is for demonstration. It is not a government website, its accounts are made up, and it answers on this computer only.",
        BrokenTitle = "This request cannot be used",
        Broken = "The page that sent you here asked in a way that is not allowed. Go back to it and start again.",
        TooOld = "The sign-in page was open for too long, or came from elsewhere. Go back and start again.",
        SignedOutTitle = "You are signed out",
        SignedOut = "You may close this window.",
    };

    private static readonly Texts Spanish = new()
    {
        Language = "es",
        Brand = "Acceso",
        Title = "Iniciar sesión",
        Continue = client => $"para continuar a {client}",
        NameLabel = "Nombre de usuario",
        SecretLabel = "Contraseña",
        Submit = "Iniciar sesión",
        Wrong = "El nombre de usuario o la contraseña no son correctos. Inténtelo de nuevo.",
        Locked = minutes => minutes == 1
            ? "Hubo demasiados intentos. Inténtelo de nuevo en un minuto."
            : $"Hubo demasiados intentos. Inténtelo de nuevo en {minutes} minutos.",
        Demonstration = "Este inicio de sesión es una demostración. No es un sitio web del gobierno, sus cuentas son inventadas y solo responde en esta computadora.",
        BrokenTitle = "Esta solicitud no se puede usar",
        Broken = "La página que lo envió aquí pidió algo que no está permitido. Vuelva a ella y empiece de nuevo.",
        TooOld = "La página de inicio de sesión estuvo abierta demasiado tiempo o vino de otro lugar. Vuelva y empiece de nuevo.",
        SignedOutTitle = "Su sesión está cerrada",
        SignedOut = "Puede cerrar esta ventana.",
    };

    public required string Language { get; init; }

    public required string Brand { get; init; }

    public required string Title { get; init; }

    public required Func<string, string> Continue { get; init; }

    public required string NameLabel { get; init; }

    public required string SecretLabel { get; init; }

    public required string Submit { get; init; }

    public required string Wrong { get; init; }

    public required Func<int, string> Locked { get; init; }

    public required string Demonstration { get; init; }

    public required string BrokenTitle { get; init; }

    public required string Broken { get; init; }

    public required string TooOld { get; init; }

    public required string SignedOutTitle { get; init; }

    public required string SignedOut { get; init; }

    /// <summary>The first language that the client asked for, else the browser's first, else English.</summary>
    public static Texts For(HttpRequest request, string? locales) => request.PrefersSpanish(locales) ? Spanish : English;
}
