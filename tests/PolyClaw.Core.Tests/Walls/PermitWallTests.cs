using Mono.Cecil;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Tests.Walls;

[Trait("Promise", "P20")]
public class PermitWallTests
{
    private static readonly string Core = typeof(PolicyGate).Assembly.Location;
    private static readonly string Tests = typeof(PermitWallTests).Assembly.Location;
    private static readonly string Gate = typeof(PolicyGate).FullName!;

    [Theory]
    [InlineData(typeof(Permit))]
    [InlineData(typeof(Grant))]
    public void Only_the_gate_strikes(Type struck) =>
        Assert.Equal([Gate], CallFinder.UsersOf(Core, m => IsStrike(m, struck)));

    [Theory]
    [InlineData(typeof(Permit))]
    [InlineData(typeof(Grant))]
    public void Only_the_press_constructs(Type struck)
    {
        // The press is nested, so its calls count as its outer type's: no other method of that type may construct either.
        using var assembly = AssemblyDefinition.ReadAssembly(Core);
        var makers = assembly.MainModule.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody)
            .Where(m => m.Body.Instructions.Any(i => i.Operand is MethodReference { Name: ".ctor" } used && used.DeclaringType.FullName == struck.FullName))
            .Select(m => m.FullName[(m.FullName.IndexOf(' ', StringComparison.Ordinal) + 1)..m.FullName.IndexOf('(', StringComparison.Ordinal)]);
        Assert.Equal([$"{struck.FullName}/Press::Strike"], makers);
    }

    [Theory]
    [InlineData(typeof(Permit))]
    [InlineData(typeof(Grant))]
    public void A_permit_has_no_constructor_that_others_see_and_is_no_record(Type struck)
    {
        Assert.Empty(struck.GetConstructors());
        Assert.Null(struck.GetMethod("<Clone>$"));
        Assert.All(struck.GetProperties(), p => Assert.Null(p.SetMethod));
    }

    [Theory]
    [InlineData(typeof(Permit))]
    [InlineData(typeof(Grant))]
    public void The_finder_finds_a_trespasser(Type struck) =>
        Assert.Contains(typeof(Trespasser).FullName!, CallFinder.UsersOf(Tests, m => IsStrike(m, struck)));

    private static bool IsStrike(MethodReference method, Type struck) =>
        method.Name == "Strike" && method.DeclaringType.FullName == struck.FullName + "/Press";
}
