using Mono.Cecil;

namespace PolyClaw.Core.Tests.Walls;

/// <summary>Finds, in compiled code, who uses a method: calls it, makes a delegate of it, or takes its address.</summary>
internal static class CallFinder
{
    /// <summary>Full names of the outermost types whose methods (closures and state machines included) use a wanted method.</summary>
    public static IReadOnlySet<string> UsersOf(string assemblyPath, Func<MethodReference, bool> wanted)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        var users = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in assembly.Modules.SelectMany(m => m.GetTypes()).SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            if (method.Body.Instructions.Any(i => i.Operand is MethodReference used && wanted(used)))
                users.Add(Outermost(method.DeclaringType).FullName);
        }

        return users;
    }

    /// <summary>The assemblies that an assembly's code names; the compiler leaves out those of which nothing is used.</summary>
    public static IReadOnlyList<string> ReferencesOf(string assemblyPath)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        return [.. assembly.Modules.SelectMany(m => m.AssemblyReferences).Select(a => a.Name)];
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
