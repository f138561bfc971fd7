using CsCheck;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Tests.Policy;

[Trait("Promise", "P21")]
public class QuotaLedgerTests
{
    private const string Tenant = "acme";
    private static readonly ResourceAmounts Limits = new(NanoCpus: 10_000, MemoryBytes: 10_000, StorageBytes: 10_000, Servers: 10, Pids: 10_000);
    private static readonly ResourceAmounts One = new(NanoCpus: 10, MemoryBytes: 10, Servers: 1, Pids: 1);

    [Fact]
    [Trait("Threat", "T20")]
    public async Task Of_64_reserves_at_once_against_a_quota_of_10_exactly_10_succeed()
    {
        for (var round = 0; round < 200; round++)
        {
            var ledger = new QuotaLedger();
            using var start = new Barrier(4);
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(lane => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return Enumerable.Range(0, 16).Select(i => ledger.TryReserve(Tenant, $"server/s{lane}-{i}", One, Limits)).ToList();
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            Assert.Equal(10, answers.SelectMany(a => a).Count(a => a is QuotaAnswer.Held));
            Assert.Equal(10, ledger.Used(Tenant).Servers);
            Assert.Equal(100, ledger.Used(Tenant).NanoCpus);
        }
    }

    [Fact]
    public void A_shortage_says_what_is_free_and_holds_nothing()
    {
        var ledger = new QuotaLedger();
        Held(ledger, "server/a", new ResourceAmounts(MemoryBytes: 9_000));
        var answer = ledger.TryReserve(Tenant, "server/b", new ResourceAmounts(MemoryBytes: 1_001), Limits);
        Assert.Equal(1_000, Assert.IsType<QuotaAnswer.Shortage>(answer).Free.MemoryBytes);
        Assert.Equal(9_000, ledger.Used(Tenant).MemoryBytes);
        Assert.False(ledger.Holds(Tenant, "server/b"));
        Held(ledger, "server/b", new ResourceAmounts(MemoryBytes: 1_000));
    }

    [Fact]
    public void An_owner_holds_once()
    {
        var ledger = new QuotaLedger();
        var first = Held(ledger, "server/a", One);
        Assert.Equal(first, Assert.IsType<QuotaAnswer.Taken>(ledger.TryReserve(Tenant, "server/a", One, Limits)).By);
        Assert.Equal(One, ledger.Used(Tenant));
        Assert.IsType<QuotaAnswer.Held>(ledger.TryReserve("other", "server/a", One, Limits));
    }

    [Fact]
    public void A_reservation_is_settled_once()
    {
        var ledger = new QuotaLedger();
        var kept = Held(ledger, "server/kept", One);
        Assert.True(ledger.Keep(kept));
        Assert.False(ledger.Keep(kept));
        Assert.False(ledger.Release(kept));
        Assert.Equal(One, ledger.Used(Tenant));

        var released = Held(ledger, "server/released", One);
        Assert.True(ledger.Release(released));
        Assert.False(ledger.Release(released));
        Assert.False(ledger.Keep(released));
        Assert.Equal(One, ledger.Used(Tenant));

        Assert.True(ledger.Free(Tenant, "server/kept"));
        Assert.False(ledger.Free(Tenant, "server/kept"));
        Assert.Equal(ResourceAmounts.None, ledger.Used(Tenant));
    }

    [Fact]
    public void Settling_late_does_not_free_a_later_hold_of_the_same_owner()
    {
        var ledger = new QuotaLedger();
        var first = Held(ledger, "server/a", One);
        Assert.True(ledger.Release(first));
        Held(ledger, "server/a", One);
        Assert.False(ledger.Release(first));
        Assert.Equal(One, ledger.Used(Tenant));
    }

    [Fact]
    public void Nothing_is_settled_for_an_action_that_holds_nothing()
    {
        var ledger = new QuotaLedger();
        var nothing = Reservation.Nothing(Tenant);
        Assert.True(nothing.IsEmpty);
        Assert.False(ledger.Keep(nothing));
        Assert.False(ledger.Release(nothing));
    }

    [Theory]
    [Trait("Threat", "T20")]
    [InlineData(-1, 0, 0, 0, 0)]
    [InlineData(0, -1, 0, 0, 0)]
    [InlineData(0, 0, long.MinValue, 0, 0)]
    [InlineData(0, 0, 0, -1, 0)]
    [InlineData(0, 0, 0, 0, -7)]
    public void Negative_amounts_are_refused(long cpu, long memory, long storage, int servers, int pids)
    {
        var ledger = new QuotaLedger();
        var amounts = new ResourceAmounts(cpu, memory, storage, servers, pids);
        Assert.Throws<ArgumentException>(() => ledger.TryReserve(Tenant, "server/a", amounts, Limits));
        Assert.Throws<ArgumentException>(() => ledger.Restore(Tenant, "server/a", amounts));
        Assert.Equal(ResourceAmounts.None, ledger.Used(Tenant));
    }

    [Fact]
    [Trait("Threat", "T20")]
    public void A_sum_that_would_overflow_is_a_shortage_and_never_wraps()
    {
        var ledger = new QuotaLedger();
        var most = new ResourceAmounts(long.MaxValue, long.MaxValue, long.MaxValue, int.MaxValue, int.MaxValue);
        Assert.IsType<QuotaAnswer.Held>(ledger.TryReserve(Tenant, "server/a", most, most));
        Assert.IsType<QuotaAnswer.Shortage>(ledger.TryReserve(Tenant, "server/b", One, most));
        Assert.Throws<OverflowException>(() => ledger.Restore(Tenant, "server/c", One));
        Assert.Equal(most, ledger.Used(Tenant));
        Assert.False(ledger.Holds(Tenant, "server/c"));
    }

    [Fact]
    public void What_the_journal_knows_is_entered_even_above_the_limit_and_blocks_what_is_new()
    {
        var ledger = new QuotaLedger();
        ledger.Restore(Tenant, "server/a", Limits);
        ledger.Restore(Tenant, "server/b", One);
        Assert.Equal(11, ledger.Used(Tenant).Servers);
        Assert.Equal(0, Assert.IsType<QuotaAnswer.Shortage>(ledger.TryReserve(Tenant, "server/c", One, Limits)).Free.Servers);
        ledger.Restore(Tenant, "server/b", One);
        Assert.Equal(11, ledger.Used(Tenant).Servers);
        Assert.Throws<InvalidOperationException>(() => ledger.Restore(Tenant, "server/b", Limits));
    }

    [Fact]
    public void What_could_not_be_written_down_is_forgotten_kept_or_not_and_nothing_else_is()
    {
        var ledger = new QuotaLedger();
        var kept = Assert.IsType<QuotaAnswer.Held>(ledger.TryReserve(Tenant, "server/a", One, Limits)).Reservation;
        Assert.True(ledger.Keep(kept));
        Assert.True(ledger.Forget(kept));
        var next = Assert.IsType<QuotaAnswer.Held>(ledger.TryReserve(Tenant, "server/a", One, Limits)).Reservation;
        Assert.False(ledger.Forget(kept)); // the name is held by another now
        Assert.Equal(One, ledger.Used(Tenant));
        Assert.True(ledger.Forget(next));
        Assert.Equal(ResourceAmounts.None, ledger.Used(Tenant));
    }

    [Fact]
    [Trait("Threat", "T20")]
    public void After_any_sequence_the_sum_is_that_of_the_live_and_never_above_the_limit()
    {
        var step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 7], Gen.Long[0, 6_000], Gen.Int[0, 4]);
        step.Array[0, 60].Sample(steps =>
        {
            var ledger = new QuotaLedger();
            var live = new Dictionary<string, Reservation>();
            var kept = new HashSet<string>();
            foreach (var (what, who, memory, servers) in steps)
            {
                var owner = "server/" + who;
                var known = live.GetValueOrDefault(owner);
                switch (what)
                {
                    case 0:
                        if (ledger.TryReserve(Tenant, owner, new ResourceAmounts(MemoryBytes: memory, Servers: servers), Limits) is QuotaAnswer.Held held)
                            live.Add(owner, held.Reservation);
                        break;
                    case 1 when known is not null:
                        Assert.Equal(kept.Add(owner), ledger.Keep(known));
                        break;
                    case 2 when known is not null:
                        Assert.Equal(!kept.Contains(owner), ledger.Release(known));
                        if (!kept.Contains(owner))
                            live.Remove(owner);
                        break;
                    case 3:
                        Assert.Equal(live.Remove(owner), ledger.Free(Tenant, owner));
                        kept.Remove(owner);
                        break;
                    default:
                        break;
                }

                var used = ledger.Used(Tenant);
                Assert.Equal(live.Values.Aggregate(ResourceAmounts.None, (sum, r) => sum.Plus(r.Amounts)), used);
                Assert.True(used.FitsIn(Limits));
            }
        });
    }

    private static Reservation Held(QuotaLedger ledger, string owner, ResourceAmounts amounts) =>
        Assert.IsType<QuotaAnswer.Held>(ledger.TryReserve(Tenant, owner, amounts, Limits)).Reservation;
}
