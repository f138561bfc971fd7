using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Walls;

/// <summary>Makes permits and grants behind the gate's back, in every way the compiler allows: the proof that the wall tests can fail.</summary>
internal static class Trespasser
{
    public static Permit Directly(PlanAction action) => Permit.Press.Strike("acme", action, 0, Reservation.Nothing("acme"), null);

    public static Func<string, ServerSpec, ResourceAmounts, Grant> ThroughADelegate() => Grant.Press.Strike;
}

/// <summary>Names what Core must not know.</summary>
internal static class Outsider
{
    public static Type Network() => typeof(System.Net.Sockets.Socket);

    public static Type Web() => typeof(System.Net.Http.HttpClient);
}
