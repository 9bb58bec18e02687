namespace HmsMesh.Sidecar.Cel;

/// <summary>A function of two values. It never gets an error.</summary>
internal delegate CelValue CelBinary(CelContext context, in CelValue first, in CelValue second);
