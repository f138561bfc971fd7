using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;
using PolyClaw.Core.Policy.Rules;

namespace PolyClaw.Core.Policy;

/// <summary>
/// Stands between planning and execution: nothing is carried out without the permit that only it makes. Every rule is asked, quota is
/// held, then the permit is struck. Safe for any number of threads.
/// </summary>
public sealed class PolicyGate
{
    /// <summary>The code of every denial.</summary>
    public const string DeniedCode = "policy_denied";

    /// <summary>The code of every reason to ask a person.</summary>
    public const string ApprovalCode = "approval_needed";

    private readonly IReadOnlyList<IPolicyRule> _rules;
    private readonly QuotaLedger _ledger;
    private readonly PolicySettings _settings;
    private readonly PolicySurroundings _surroundings;

    /// <summary>A gate with all the rules there are.</summary>
    /// <param name="ledger">Where quota is held.</param>
    /// <param name="options">What the rules go by; read once.</param>
    /// <param name="surroundings">The instance around it.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names its key.</exception>
    public PolicyGate(QuotaLedger ledger, PolicyOptions options, PolicySurroundings surroundings)
        : this(PolicyRules.All, ledger, options, surroundings)
    {
    }

    internal PolicyGate(IReadOnlyList<IPolicyRule> rules, QuotaLedger ledger, PolicyOptions options, PolicySurroundings surroundings)
    {
        _rules = rules;
        _ledger = ledger;
        _surroundings = surroundings;
        _settings = PolicySettings.Read(options, surroundings.BeyondLoopback, out var faults);
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
    }

    /// <summary>
    /// Decides on an action. Denials win over approval: a person is not asked for what would be denied all the same. Denied or waiting for
    /// approval, nothing is held; allowed, the caller settles the permit's reservation once the outcome is known.
    /// </summary>
    /// <param name="request">The action and who asks.</param>
    public Verdict Decide(GateRequest request)
    {
        var service = ServiceIntent.Of(request, _surroundings);
        var needs = service is null ? NeedsOf(request.Action) : new ServerNeeds(service.Needs, service.Faults);
        var owner = OwnerOf(request.Action, service);
        var limits = _settings.LimitsOf(request.Principal.Tenant);
        var free = limits.Amounts.LeftAfter(_ledger.Used(request.Principal.Tenant));
        var taken = owner is not null && _ledger.Holds(request.Principal.Tenant, owner);
        while (true)
        {
            var context = new PolicyContext(_settings, limits, free, needs, _surroundings.Isolation(), taken, service)
            {
                Locations = _surroundings.Locations(),
                Placed = host => [.. _surroundings.Services(request.Principal.Tenant).Where(s => s.Versions.Any(v => v.Grant.Spec.On == host && (v.Replicas > 0 || v.Number == s.Stable))).Select(s => s.Name)],
            };
            var denials = Denials(request, context);
            if (denials.Count > 0)
                return new Verdict.Denied(denials);
            if (!request.Approved && _settings.NeedApproval.Contains(request.Action.ActionName))
                return new Verdict.NeedsApproval([Approval(request.Action)]);
            if (owner is null)
                return new Verdict.Allowed(Strike(request, Reservation.Nothing(request.Principal.Tenant), service));

            // Between the rules and here another step may have taken what was free: then the rules speak again, of what is free now.
            switch (_ledger.TryReserve(request.Principal.Tenant, owner, needs.Amounts, limits.Amounts))
            {
                case QuotaAnswer.Held held:
                    return new Verdict.Allowed(Strike(request, held.Reservation, service));
                case QuotaAnswer.Shortage shortage:
                    free = shortage.Free;
                    break;
                case QuotaAnswer.Taken:
                    taken = true;
                    break;
            }
        }
    }

    /// <summary>
    /// Decides on undoing what an earlier permit allowed. Only what frees can be asked for, so no limit, budget or approval stands in the way.
    /// </summary>
    /// <param name="tenant">Whose step is undone.</param>
    /// <param name="undo">The action that was journaled with the step's intent.</param>
    public Verdict DecideUndo(string tenant, PlanAction undo)
    {
        var fault = undo switch
        {
            PlanAction.DecommissionMcpServer { Name: var name } => ServerName.Check(name, "/name"),
            PlanAction.UndoService { Name: var name } => ServerName.Check(name, "/name"),
            _ => new Fault(DeniedCode, $"{undo.ActionName} does not undo anything", null, ActionNames.DecommissionMcpServer + " does"),
        };
        return fault is null
            ? new Verdict.Allowed(Permit.Press.Strike(tenant, undo, _surroundings.Epoch(), Reservation.Nothing(tenant), null))
            : new Verdict.Denied([fault with { Code = DeniedCode, Message = "rule undo: " + fault.Message }]);
    }

    /// <summary>Issues a server's grant again after a restart, from what was journaled with the first, and holds its quota again.</summary>
    /// <param name="tenant">The tenant in whose journal the record lies.</param>
    /// <param name="record">What was journaled.</param>
    /// <exception cref="InvalidDataException">The record is of another tenant, or is not of the spec whose digest it bears.</exception>
    /// <exception cref="InvalidOperationException">Another server of that name holds quota already.</exception>
    public Grant Reissue(string tenant, GrantRecord record)
    {
        if (record.Tenant != tenant)
            throw new InvalidDataException($"the grant of server {CodePoints.Show(record.Spec.Name)} is of tenant {CodePoints.Show(record.Tenant)}, not of {CodePoints.Show(tenant)}");
        var digest = ActionDigest.Of(new PlanAction.CreateMcpServer(record.Spec));
        if (digest != record.SpecSha256)
            throw new InvalidDataException($"the spec of server {CodePoints.Show(record.Spec.Name)} has digest {digest}, and {CodePoints.Show(record.SpecSha256)} was granted");
        if (record.Amounts.HasNegative)
            throw new InvalidDataException($"the grant of server {CodePoints.Show(record.Spec.Name)} holds a negative amount: {record.Amounts}");
        _ledger.Restore(tenant, Reservation.ServerOwner(record.Spec.Name), record.Amounts);
        return Grant.Press.Strike(tenant, record.Spec, record.Amounts);
    }

    /// <summary>Issues the grant of a service's version again after a restart, and holds the quota of its replicas again.</summary>
    /// <param name="tenant">The tenant in whose journal the record lies.</param>
    /// <param name="record">What was journaled.</param>
    /// <param name="replicas">How many replicas the version has.</param>
    /// <param name="bearsService">Whether the service itself counts with this version: the one that serves, or the first.</param>
    /// <exception cref="InvalidDataException">The record is of another tenant, or is not of the spec whose digest it bears.</exception>
    public ServiceGrant Reissue(string tenant, ServiceGrantRecord record, int replicas, bool bearsService)
    {
        if (record.Tenant != tenant)
            throw new InvalidDataException($"the grant of service {CodePoints.Show(record.Spec.Name)} is of tenant {CodePoints.Show(record.Tenant)}, not of {CodePoints.Show(tenant)}");
        var digest = ActionDigest.Of(new PlanAction.DeployService(record.Spec));
        if (digest != record.SpecSha256)
            throw new InvalidDataException($"the spec of service {CodePoints.Show(record.Spec.Name)} has digest {digest}, and {CodePoints.Show(record.SpecSha256)} was granted");
        if (record.Replica.HasNegative)
            throw new InvalidDataException($"the grant of service {CodePoints.Show(record.Spec.Name)} holds a negative amount: {record.Replica}");
        var grant = ServiceGrant.Press.Strike(tenant, record.Spec, record.Version, record.Replica);
        if (replicas > 0 || bearsService)
            _ledger.Restore(tenant, grant.Owner, ServiceIntent.Amounts(grant.Counts, replicas, bearsService));
        return grant;
    }

    /// <summary>Holds quota for so many replicas of a version from now on; fewer free some.</summary>
    /// <param name="grant">The right to run them.</param>
    /// <param name="replicas">How many there are to be, 0–1,000.</param>
    /// <param name="bearsService">Whether the service itself counts with this version: the one that serves, or the first.</param>
    /// <returns>Whether the tenant's quota allows them; when not, nothing has changed.</returns>
    public bool TryHold(ServiceGrant grant, int replicas, bool bearsService) => _ledger.TryResize(
        grant.Tenant, grant.Owner, ServiceIntent.Amounts(grant.Counts, replicas, bearsService), _settings.LimitsOf(grant.Tenant).Amounts);

    /// <summary>How many more replicas of a version the tenant's quota allows.</summary>
    /// <param name="grant">The right to run them.</param>
    public int RoomFor(ServiceGrant grant)
    {
        var room = grant.Counts.CountIn(Quota(grant.Tenant).Free);
        return HostSpace.Of(grant.Tenant, grant.Spec.On, _surroundings) is { } host ? Math.Min(room, HostSpace.Only(grant.Replica).CountIn(host.Free)) : room;
    }

    /// <summary>What a tenant may use and what is left.</summary>
    /// <param name="tenant">The tenant.</param>
    public QuotaView Quota(string tenant) => new(_settings.LimitsOf(tenant).Amounts, _ledger.Used(tenant));

    private static ServerNeeds NeedsOf(PlanAction action) => action switch
    {
        PlanAction.CreateMcpServer create => ServerNeeds.Of(create.Spec),
        PlanAction.CheckResourceAvailability check => ServerNeeds.Of(check.Resources),
        _ => ServerNeeds.None,
    };

    private static string? OwnerOf(PlanAction action, ServiceIntent? service) => action switch
    {
        PlanAction.CreateMcpServer { Spec: var spec } => Reservation.ServerOwner(spec.Name),
        PlanAction.DeployService or PlanAction.ShiftTraffic when service is { Spec: not null, Mine: false } => service.Owner,
        _ => null,
    };

    private static Fault Approval(PlanAction action) =>
        new(ApprovalCode, $"rule approval: {action.ActionName} needs a person's approval (Policy:Approval:Actions)", null, "a person approves exactly this action");

    private List<Fault> Denials(GateRequest request, PolicyContext context)
    {
        var denials = new List<Fault>();
        foreach (var rule in _rules)
        {
            foreach (var fault in rule.Judge(request, context))
                denials.Add(fault with { Code = DeniedCode, Message = $"rule {rule.Name}: {fault.Message}" });
        }

        return denials;
    }

    private Permit Strike(GateRequest request, Reservation reservation, ServiceIntent? service)
    {
        var tenant = request.Principal.Tenant;
        var grant = request.Action is PlanAction.CreateMcpServer create
            ? Grant.Press.Strike(tenant, create.Spec, reservation.Amounts)
            : null;
        var version = service is { Spec: { } spec } ? ServiceGrant.Press.Strike(tenant, spec, service.Version, service.Replica) : null;
        return Permit.Press.Strike(tenant, request.Action, _surroundings.Epoch(), reservation, grant, version);
    }
}
