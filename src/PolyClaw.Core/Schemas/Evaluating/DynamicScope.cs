using PolyClaw.Core.Schemas.Compiling;

namespace PolyClaw.Core.Schemas.Evaluating;

/// <summary>The schema resources entered on the way here, innermost first; <c>$dynamicRef</c> looks for its anchor from the outermost in.</summary>
internal sealed class DynamicScope(SchemaResource resource, DynamicScope? outer)
{
    internal SchemaResource Resource => resource;

    internal SchemaNode? Find(string dynamicAnchor)
    {
        SchemaNode? found = null;
        for (var scope = this; scope is not null; scope = scope.Outer)
            found = scope.Resource.DynamicAnchors.GetValueOrDefault(dynamicAnchor) ?? found;
        return found;
    }

    private DynamicScope? Outer => outer;
}
