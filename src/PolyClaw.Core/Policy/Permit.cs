using PolyClaw.Core.Actions;

namespace PolyClaw.Core.Policy;

/// <summary>
/// Proof that the gate allowed one action, once. Bound to the action's digest, the tenant and the quota it holds. What keeps an owner that
/// was fenced off from using it is the journal: the intent that comes before each effect is written only under the present epoch. Not a record: <c>with</c> would let anyone edit it.
/// </summary>
public sealed class Permit
{
    private int _used;

    private Permit(string tenant, PlanAction action, long epoch, Reservation reservation, Grant? grant, ServiceGrant? service)
    {
        Tenant = tenant;
        Action = action;
        Digest = ActionDigest.Of(action);
        Epoch = epoch;
        Reservation = reservation;
        Grant = grant;
        Service = service;
    }

    /// <summary>On whose behalf.</summary>
    public string Tenant { get; }

    /// <summary>What is allowed, references expanded.</summary>
    public PlanAction Action { get; }

    /// <summary>SHA-256 of the action.</summary>
    public string Digest { get; }

    /// <summary>The owner's epoch at the decision; for the record, not checked at use.</summary>
    public long Epoch { get; }

    /// <summary>The quota it holds until the outcome settles it.</summary>
    public Reservation Reservation { get; }

    /// <summary>For an action that makes a server: the right to keep that server running.</summary>
    public Grant? Grant { get; }

    /// <summary>For an action that brings up a version of a service: the right to keep its replicas running.</summary>
    public ServiceGrant? Service { get; }

    /// <summary>Takes the permit for its one use.</summary>
    /// <typeparam name="TAction">The kind of action the caller carries out.</typeparam>
    /// <returns>The allowed action: what is carried out is read from here and from nowhere else.</returns>
    /// <exception cref="InvalidOperationException">It was used before, or is for another kind of action.</exception>
    public TAction Use<TAction>()
        where TAction : PlanAction
    {
        if (Action is not TAction action)
            throw new InvalidOperationException($"This permit is for {Action.ActionName}, not for {typeof(TAction).Name}.");
        if (Interlocked.Exchange(ref _used, 1) != 0)
            throw new InvalidOperationException($"This permit for {Action.ActionName} was used already.");
        return action;
    }

    /// <summary>Where permits are made. Only <see cref="PolicyGate"/> calls it; a test over the compiled code keeps it so.</summary>
    internal static class Press
    {
        public static Permit Strike(string tenant, PlanAction action, long epoch, Reservation reservation, Grant? grant, ServiceGrant? service = null) =>
            new(tenant, action, epoch, reservation, grant, service);
    }
}
