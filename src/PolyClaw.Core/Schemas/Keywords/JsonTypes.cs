namespace PolyClaw.Core.Schemas.Keywords;

/// <summary>The types of JSON Schema; an integer is a number without a fraction, <c>1.0</c> included.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,
    Number = 8,
    String = 16,
    Array = 32,
    Object = 64,
}
