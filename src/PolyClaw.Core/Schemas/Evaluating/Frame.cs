namespace PolyClaw.Core.Schemas.Evaluating;

/// <summary>What a keyword must know of the place where it is applied.</summary>
/// <param name="scope">The schema resources entered so far.</param>
/// <param name="path">Where in the value; null while no faults are collected, and at the root.</param>
/// <param name="evaluated">Where to note what was looked at; null when nobody asks.</param>
/// <param name="depth">How deep in the value.</param>
internal readonly struct Frame(DynamicScope scope, InstancePath? path = null, Evaluated? evaluated = null, int depth = 0)
{
    internal DynamicScope Scope => scope;

    internal InstancePath? Path => path;

    internal Evaluated? Evaluated => evaluated;

    internal int Depth => depth;

    internal Frame With(DynamicScope entered, Evaluated? notes) => new(entered, path, notes, depth);

    internal Frame With(Evaluated? notes) => new(scope, path, notes, depth);

    internal Frame Child(InstancePath? at) => new(scope, at, null, depth + 1);
}
