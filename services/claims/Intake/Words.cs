using HmsMesh.Kit;

namespace HmsMesh.Claims.Intake;

/// <summary>What a citizen is told of a form, in English or Spanish.</summary>
internal sealed record Words
{
    public static readonly Words English = new()
    {
        Title = "Please check the form",
        Detail = "Some answers are missing or cannot be right. Each is named below.",
        Employer = "Tell us the name of your last employer, in 1 to 80 characters.",
        LastDay = "Tell us your last day at work as year, month and day, such as 2026-10-30.",
        LastDayAhead = "Your last day at work cannot be in the future. Please come back when it has passed.",
        LastDayLongAgo = "Your last day at work cannot be more than 5 years ago. Please check the year.",
        Reason = "Choose why the work ended: laid off, hours reduced, quit or misconduct.",
        WeeksWorked = "Tell us how many weeks you worked, as a whole number from 0 to 520.",
        WeeklyIncome = "Tell us what you earn a week now, in dollars from 0 to 100,000 with at most two decimals.",
        AbleToWork = "Tell us whether you are able to work: yes or no.",
        Veteran = "Tell us whether you served in the armed forces: yes or no.",
        Document = "Attach the document by uploading it here. An address elsewhere cannot be taken.",
        NotJson = "The form did not arrive whole. Please send it again.",
        Key = "The Idempotency-Key has 1 to 200 visible characters.",
        KeyTitle = "Sent before with other answers",
        KeyUsed = "This Idempotency-Key was used for a claim with other answers. Send a new one for a new claim.",
        Unknown = "You have no claim of this number.",
    };

    public static readonly Words Spanish = new()
    {
        Title = "Revise el formulario",
        Detail = "Faltan respuestas o algunas no pueden ser correctas. Cada una se indica abajo.",
        Employer = "Díganos el nombre de su último empleador, de 1 a 80 caracteres.",
        LastDay = "Díganos su último día de trabajo como año, mes y día, por ejemplo 2026-10-30.",
        LastDayAhead = "Su último día de trabajo no puede estar en el futuro. Vuelva cuando haya pasado.",
        LastDayLongAgo = "Su último día de trabajo no puede ser de hace más de 5 años. Revise el año.",
        Reason = "Elija por qué terminó el trabajo: despido por falta de trabajo, horas reducidas, renuncia o mala conducta.",
        WeeksWorked = "Díganos cuántas semanas trabajó, con un número entero de 0 a 520.",
        WeeklyIncome = "Díganos cuánto gana por semana ahora, en dólares de 0 a 100,000 con dos decimales como máximo.",
        AbleToWork = "Díganos si puede trabajar: sí o no.",
        Veteran = "Díganos si sirvió en las fuerzas armadas: sí o no.",
        Document = "Adjunte el documento subiéndolo aquí. No se acepta una dirección de otro lugar.",
        NotJson = "El formulario no llegó completo. Envíelo otra vez.",
        Key = "La Idempotency-Key tiene de 1 a 200 caracteres visibles.",
        KeyTitle = "Ya se envió con otras respuestas",
        KeyUsed = "Esta Idempotency-Key se usó para una solicitud con otras respuestas. Envíe una nueva para otra solicitud.",
        Unknown = "Usted no tiene una solicitud con este número.",
    };

    public required string Title { get; init; }

    public required string Detail { get; init; }

    public required string Employer { get; init; }

    public required string LastDay { get; init; }

    public required string LastDayAhead { get; init; }

    public required string LastDayLongAgo { get; init; }

    public required string Reason { get; init; }

    public required string WeeksWorked { get; init; }

    public required string WeeklyIncome { get; init; }

    public required string AbleToWork { get; init; }

    public required string Veteran { get; init; }

    public required string Document { get; init; }

    public required string NotJson { get; init; }

    public required string Key { get; init; }

    public required string KeyTitle { get; init; }

    public required string KeyUsed { get; init; }

    public required string Unknown { get; init; }

    /// <summary>By Accept-Language: Spanish where it is asked for first, else English.</summary>
    public static Words For(HttpRequest request) => request.PrefersSpanish() ? Spanish : English;
}
