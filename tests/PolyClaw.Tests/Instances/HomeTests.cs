using System.Text;
using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

public sealed class HomeTests
{
    [Fact]
    public void The_socket_lies_in_the_home() => Assert.Equal("/tmp/h/instance.sock", Home.At("/tmp/h").Socket);

    [Fact]
    public void A_home_too_deep_for_a_socket_has_it_elsewhere_under_a_name_of_its_own()
    {
        var one = Home.At("/tmp/" + new string('a', 120)).Socket;
        var other = Home.At("/tmp/" + new string('b', 120)).Socket;
        Assert.True(Encoding.UTF8.GetByteCount(one) <= 107);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void A_home_that_cannot_be_written_says_what_to_set()
    {
        var fault = Assert.Throws<HomeFaultException>(Home.At("/proc/self").RequireWritable).Fault;
        Assert.Equal("home_unwritable", fault.Code);
        Assert.Equal("POLYCLAW_HOME", fault.Path);
    }
}
