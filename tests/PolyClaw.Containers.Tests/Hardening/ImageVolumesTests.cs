using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Hardening;

[Trait("Threat", "T19")]
public sealed class ImageVolumesTests
{
    [Fact]
    public void Folders_are_named_as_the_engine_names_them() =>
        Assert.Equal(["/data", "/var/lib/x"], ImageVolumes.Of("image", ["/var//lib/x/", "/data", "/data/", "/tmp"]));

    [Theory]
    [InlineData("/")]
    [InlineData("/proc")]
    [InlineData("/sys/fs")]
    [InlineData("/dev/shm")]
    [InlineData("/etc")]
    [InlineData("/data/../etc")]
    [InlineData("/data:rw")]
    [InlineData("/da ta")]
    public void A_volume_where_nothing_may_be_laid_is_refused(string path)
    {
        var refused = Assert.Throws<RuntimeFaultException>(() => ImageVolumes.Of("image", [path]));
        Assert.Equal(("image_volumes", "/source/image"), (refused.Fault.Code, refused.Fault.Path));
    }

    [Fact]
    public void More_than_a_few_are_refused_with_how_many_may_be() =>
        Assert.Contains("at most 4", Assert.Throws<RuntimeFaultException>(() => ImageVolumes.Of("image", ["/a", "/b", "/c", "/d", "/e"])).Fault.Fix, StringComparison.Ordinal);
}
