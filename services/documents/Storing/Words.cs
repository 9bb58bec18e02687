using HmsMesh.Kit;

namespace HmsMesh.Documents.Storing;

/// <summary>What a citizen is told of a document, in English or Spanish.</summary>
internal sealed record Words
{
    public static readonly Words English = new()
    {
        Title = "The document was not taken",
        Empty = "The file is empty. Please choose another one.",
        TooLarge = "The file is larger than 10 MB. Please send a smaller one, such as a photo with fewer pixels.",
        Unknown = "This file is no PDF, PNG or JPEG, whatever it is called. Please save it as a PDF, or take a photo of it.",
        NotAsSaid = "This file is not of the kind that it is sent as. Please send it as the PDF, PNG or JPEG that it is.",
        Damaged = "This file is damaged or not whole. Please save it, scan it or take the photo once more.",
        Encoded = "The file must be sent as it is, without a Content-Encoding.",
        OtherDigest = "The file changed on its way to us. Please send it again.",
        NoDigest = "The digest must be a SHA-256, such as Content-Digest: sha-256=:BASE64:.",
        BadKey = "The Idempotency-Key has 1 to 200 visible characters.",
        KeyUsed = "This Idempotency-Key was used for another file. Send a new one for a new file.",
        Full = "You have sent as many documents as we can keep for one person. You can use those that are there.",
        Broken = "The file did not arrive whole. Please send it again.",
        NoRoom = "We cannot take documents at the moment. It is our fault. Please try again later.",
        Missing = "You have no document of this number.",
        MissingTitle = "No such document",
        Lost = "This document is damaged on our side, so we do not give it out. It is our fault and has been noted.",
        LostTitle = "The document cannot be read",
    };

    public static readonly Words Spanish = new()
    {
        Title = "No se aceptó el documento",
        Empty = "El archivo está vacío. Elija otro.",
        TooLarge = "El archivo ocupa más de 10 MB. Envíe uno más pequeño, por ejemplo una foto con menos píxeles.",
        Unknown = "Este archivo no es un PDF, PNG ni JPEG, se llame como se llame. Guárdelo como PDF o tómele una foto.",
        NotAsSaid = "Este archivo no es del tipo con el que se envía. Envíelo como el PDF, PNG o JPEG que es.",
        Damaged = "Este archivo está dañado o incompleto. Guárdelo, escanéelo o tome la foto otra vez.",
        Encoded = "El archivo debe enviarse tal como es, sin Content-Encoding.",
        OtherDigest = "El archivo cambió en el camino. Envíelo otra vez.",
        NoDigest = "El resumen debe ser un SHA-256, por ejemplo Content-Digest: sha-256=:BASE64:.",
        BadKey = "La Idempotency-Key tiene de 1 a 200 caracteres visibles.",
        KeyUsed = "Esta Idempotency-Key se usó para otro archivo. Envíe una nueva para otro archivo.",
        Full = "Usted ha enviado todos los documentos que podemos guardar por persona. Puede usar los que ya están.",
        Broken = "El archivo no llegó completo. Envíelo otra vez.",
        NoRoom = "En este momento no podemos recibir documentos. Es culpa nuestra. Inténtelo más tarde.",
        Missing = "Usted no tiene un documento con este número.",
        MissingTitle = "No existe ese documento",
        Lost = "Este documento está dañado de nuestro lado y por eso no lo entregamos. Es culpa nuestra y quedó anotado.",
        LostTitle = "No se puede leer el documento",
    };

    public required string Title { get; init; }

    public required string Empty { get; init; }

    public required string TooLarge { get; init; }

    public required string Unknown { get; init; }

    public required string NotAsSaid { get; init; }

    public required string Damaged { get; init; }

    public required string Encoded { get; init; }

    public required string OtherDigest { get; init; }

    public required string NoDigest { get; init; }

    public required string BadKey { get; init; }

    public required string KeyUsed { get; init; }

    public required string Full { get; init; }

    public required string Broken { get; init; }

    public required string NoRoom { get; init; }

    public required string Missing { get; init; }

    public required string MissingTitle { get; init; }

    public required string Lost { get; init; }

    public required string LostTitle { get; init; }

    /// <summary>By Accept-Language: Spanish where it is asked for first, else English.</summary>
    public static Words For(HttpRequest request) => request.PrefersSpanish() ? Spanish : English;
}
