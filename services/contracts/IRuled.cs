namespace HmsMesh.Contracts;

/// <summary>A schema of the validator's model with the rules that are checked beside it.</summary>
internal interface IRuled
{
    SchemaRules Rules { get; }
}
