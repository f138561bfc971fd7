using System.Runtime.CompilerServices;

namespace PolyClaw.Mcp.Wire;

/// <summary>An object or array that <see cref="StrictPass"/> is inside of, and where in it.</summary>
internal struct StrictFrame
{
    /// <summary>Number of the object; 0 for an array.</summary>
    public int Owner;

    /// <summary>What kind of object it is.</summary>
    public WireScope Scope;

    /// <summary>The member whose value is being read.</summary>
    public WireMember Member;

    /// <summary>Where the member's name starts in the message; in an array, the index of the element.</summary>
    public int At;

    /// <summary>Length of the member's name in bytes.</summary>
    public int Length;

    public readonly bool IsArray => Owner == 0;
}

/// <summary>As many frames as a message may be deep, without an allocation.</summary>
[InlineArray(StrictJsonRpc.MaxDepth)]
internal struct StrictFrames
{
    private StrictFrame _first;
}
