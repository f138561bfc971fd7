using PolyClaw.Containers;
using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

public sealed class InstanceServicesTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(600)]
    [InlineData(3600)]
    public void A_step_waits_longer_than_a_call_and_its_servers_start_may_take(int seconds)
    {
        var runtime = new RuntimeOptions { CallTimeout = TimeSpan.FromSeconds(seconds) };
        Assert.True(InstanceServices.LimitOf(runtime).Longest > runtime.CallTimeout + runtime.ConnectTimeout + runtime.ListTimeout + runtime.ProbeTimeout);
    }
}
