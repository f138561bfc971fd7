namespace PolyClaw.Core.Policy;

/// <summary>
/// What every tenant holds at this moment. Reserve, then settle: kept while what was made exists, else released.
/// Derived state: rebuilt from the journal at start, never written anywhere. Safe for any number of threads.
/// </summary>
public sealed class QuotaLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private long _lastTicket;

    /// <summary>Holds quota if it fits beside everything that is held, in one step that no other thread can come between.</summary>
    /// <param name="tenant">Whose quota.</param>
    /// <param name="owner">What will hold it, for example <c>server/sales</c>; it can hold once.</param>
    /// <param name="amounts">How much; nothing negative.</param>
    /// <param name="limits">The most the tenant may hold at once.</param>
    /// <exception cref="ArgumentException">The owner is empty or an amount is negative.</exception>
    public QuotaAnswer TryReserve(string tenant, string owner, ResourceAmounts amounts, ResourceAmounts limits)
    {
        Check(owner, amounts);
        lock (_lock)
        {
            var account = Open(tenant);
            if (account.Holds.TryGetValue(owner, out var hold))
                return new QuotaAnswer.Taken(hold.Reservation);
            var free = limits.LeftAfter(account.Used);
            if (!amounts.FitsIn(free))
                return new QuotaAnswer.Shortage(free);
            return new QuotaAnswer.Held(Hold(account, tenant, owner, amounts, kept: false));
        }
    }

    /// <summary>Settles a reservation: what it was for exists now, and holds the quota until <see cref="Free"/>.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <returns>Whether this call settled it; false when it was settled before or holds nothing.</returns>
    public bool Keep(Reservation reservation)
    {
        lock (_lock)
        {
            if (Unsettled(reservation) is not { } hold)
                return false;
            hold.Kept = true;
            return true;
        }
    }

    /// <summary>Settles a reservation: nothing came of it, and its quota is free again.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <returns>Whether this call settled it; false when it was settled before or holds nothing.</returns>
    public bool Release(Reservation reservation)
    {
        lock (_lock)
            return Unsettled(reservation) is not null && Drop(reservation.Tenant, reservation.Owner);
    }

    /// <summary>Drops a reservation, settled or not: whoever held it could not write down what became of it.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <returns>Whether it was still held.</returns>
    public bool Forget(Reservation reservation)
    {
        lock (_lock)
            return _accounts.TryGetValue(reservation.Tenant, out var account)
                && account.Holds.TryGetValue(reservation.Owner, out var hold)
                && hold.Reservation.Ticket == reservation.Ticket
                && Drop(reservation.Tenant, reservation.Owner);
    }

    /// <summary>Frees what an owner holds, because what it names is gone. Freeing twice does nothing.</summary>
    /// <param name="tenant">Whose quota.</param>
    /// <param name="owner">What held it.</param>
    /// <returns>Whether it held something.</returns>
    public bool Free(string tenant, string owner)
    {
        lock (_lock)
            return Drop(tenant, owner);
    }

    /// <summary>Changes what an owner holds, if it fits beside everything else that is held. Less always fits.</summary>
    /// <param name="tenant">Whose quota.</param>
    /// <param name="owner">What holds it, or will.</param>
    /// <param name="amounts">How much from now on; nothing negative.</param>
    /// <param name="limits">The most the tenant may hold at once.</param>
    /// <returns>Whether it holds that much now; false and nothing has changed when it does not fit.</returns>
    public bool TryResize(string tenant, string owner, ResourceAmounts amounts, ResourceAmounts limits)
    {
        Check(owner, amounts);
        lock (_lock)
        {
            var (before, used) = (ResourceAmounts.None, ResourceAmounts.None);
            if (_accounts.TryGetValue(tenant, out var account))
                (before, used) = (account.Holds.TryGetValue(owner, out var hold) ? hold.Reservation.Amounts : ResourceAmounts.None, account.Used);
            if (!amounts.LeftAfter(before).FitsIn(limits.LeftAfter(used)))
                return false;
            Drop(tenant, owner);
            if (amounts != ResourceAmounts.None)
                Hold(Open(tenant), tenant, owner, amounts, kept: true);
            return true;
        }
    }

    /// <summary>Whether an owner holds quota: what it names exists or is being made.</summary>
    /// <param name="tenant">Whose quota.</param>
    /// <param name="owner">What would hold it.</param>
    public bool Holds(string tenant, string owner)
    {
        lock (_lock)
            return _accounts.TryGetValue(tenant, out var account) && account.Holds.ContainsKey(owner);
    }

    /// <summary>What a tenant holds, reservations not yet settled included.</summary>
    /// <param name="tenant">Whose quota.</param>
    public ResourceAmounts Used(string tenant)
    {
        lock (_lock)
            return _accounts.TryGetValue(tenant, out var account) ? account.Used : ResourceAmounts.None;
    }

    /// <summary>
    /// Enters what the journal says exists. Limits are not asked: a limit lowered since then stops what is new, not what runs.
    /// Entering the same again changes nothing.
    /// </summary>
    /// <param name="tenant">Whose quota.</param>
    /// <param name="owner">What holds it.</param>
    /// <param name="amounts">How much; nothing negative.</param>
    /// <returns>The hold, settled.</returns>
    /// <exception cref="ArgumentException">The owner is empty, or an amount is negative.</exception>
    /// <exception cref="InvalidOperationException">The owner holds another amount already.</exception>
    public Reservation Restore(string tenant, string owner, ResourceAmounts amounts)
    {
        Check(owner, amounts);
        lock (_lock)
        {
            var account = Open(tenant);
            if (!account.Holds.TryGetValue(owner, out var hold))
                return Hold(account, tenant, owner, amounts, kept: true);
            if (hold.Reservation.Amounts != amounts)
                throw new InvalidOperationException($"{owner} of tenant {tenant} holds {hold.Reservation.Amounts} already, not {amounts}");
            hold.Kept = true;
            return hold.Reservation;
        }
    }

    private static void Check(string owner, ResourceAmounts amounts)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        if (amounts.HasNegative)
            throw new ArgumentException($"{owner} cannot hold {amounts}: an amount is negative", nameof(amounts));
    }

    private Account Open(string tenant)
    {
        if (!_accounts.TryGetValue(tenant, out var account))
            _accounts[tenant] = account = new Account();
        return account;
    }

    private Reservation Hold(Account account, string tenant, string owner, ResourceAmounts amounts, bool kept)
    {
        var used = account.Used.Plus(amounts);
        var reservation = new Reservation(tenant, owner, amounts, ++_lastTicket);
        account.Holds[owner] = new Entry(reservation) { Kept = kept };
        account.Used = used;
        return reservation;
    }

    private Entry? Unsettled(Reservation reservation) =>
        _accounts.TryGetValue(reservation.Tenant, out var account)
        && account.Holds.TryGetValue(reservation.Owner, out var hold)
        && hold.Reservation.Ticket == reservation.Ticket
        && !hold.Kept
            ? hold
            : null;

    private bool Drop(string tenant, string owner)
    {
        if (!_accounts.TryGetValue(tenant, out var account) || !account.Holds.Remove(owner, out var hold))
            return false;
        account.Used = account.Used.Minus(hold.Reservation.Amounts);
        if (account.Holds.Count == 0)
            _accounts.Remove(tenant);
        return true;
    }

    private sealed class Account
    {
        public Dictionary<string, Entry> Holds { get; } = new(StringComparer.Ordinal);

        public ResourceAmounts Used { get; set; } = ResourceAmounts.None;
    }

    private sealed class Entry(Reservation reservation)
    {
        public Reservation Reservation { get; } = reservation;

        public bool Kept { get; set; }
    }
}
