namespace HmsMesh.Sidecar.Cel;

/// <summary>A function of one value. It never gets an error.</summary>
internal delegate CelValue CelUnary(CelContext context, in CelValue value);
