namespace PolyClaw.Core.Schemas;

/// <summary>A schema that cannot be used.</summary>
public sealed class SchemaException : Exception
{
    /// <summary>Names what is wrong with the schema.</summary>
    /// <param name="faults">Everything found wrong; at least one.</param>
    public SchemaException(IReadOnlyList<SchemaFault> faults)
        : base("The schema cannot be used: " + string.Join("; ", faults)) => Faults = faults;

    /// <summary>Everything found wrong with the schema.</summary>
    public IReadOnlyList<SchemaFault> Faults { get; }
}
