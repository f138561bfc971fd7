using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;

namespace PolyClaw.Containers.Tests.Images;

public sealed class ImagePullTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Words of real engines and registries.
    [Theory]
    [InlineData(404, "manifest for busybox:nope not found: manifest unknown: manifest unknown", "image_missing", false)]
    [InlineData(404, "pull access denied for nobody/nothing, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "image_missing", false)]
    [InlineData(500, "Get \\\"https://registry-1.docker.io/v2/\\\": dial tcp: lookup registry-1.docker.io: no such host", "registry_unreachable", true)]
    [InlineData(500, "Get \\\"http://127.0.0.1:9/v2/\\\": dial tcp 127.0.0.1:9: connect: connection refused", "registry_unreachable", true)]
    [InlineData(500, "Get \\\"https://r.example/v2/\\\": unauthorized: authentication required", "registry_denied", false)]
    [InlineData(500, "toomanyrequests: You have reached your pull rate limit", "registry_busy", true)]
    [InlineData(404, "no matching manifest for linux/amd64 in the manifest list entries", "image_platform", false)]
    [InlineData(500, "write /var/lib/docker/tmp/GetImageBlob1: no space left on device", "storage_full", false)]
    public async Task A_refusal_is_told_with_its_meaning(int status, string message, string code, bool transient)
    {
        using var fake = new FakeEngine(_ => ((HttpStatusCode)status, $$"""{"message":"{{message}}"}"""));
        var thrown = await PullAsync(fake, TimeProvider.System);
        Assert.Equal((code, "/source/image", transient), (thrown.Fault.Code, thrown.Fault.Path, thrown.Transient));
        Assert.NotNull(thrown.Fault.Fix);
        Assert.Contains("acme/tool:2", thrown.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_half_way_counts_though_the_engine_answered_200()
    {
        using var fake = new FakeEngine(_ => (HttpStatusCode.OK, """
            {"status":"Pulling from acme/tool","id":"2"}
            {"errorDetail":{"message":"unexpected EOF"},"error":"unexpected EOF"}
            {"status":"never mind"}
            """));
        var thrown = await PullAsync(fake, TimeProvider.System);
        Assert.Equal("registry_unreachable", thrown.Fault.Code);
    }

    [Fact]
    public async Task A_pull_that_ends_well_is_well_and_asks_for_one_version_alone()
    {
        var asked = "";
        using var fake = new FakeEngine(call =>
        {
            asked = call;
            return (HttpStatusCode.OK, """{"status":"Status: Downloaded newer image for acme/tool:2"}""");
        });
        using var engine = fake.Open();
        Assert.True(ImageReference.TryParse("acme/tool", out var image));
        await new ImagePull(engine, TimeProvider.System, NullLogger.Instance).PullAsync(image, Token);
        Assert.Equal("POST /images/create?fromImage=acme%2Ftool&tag=latest", asked);
    }

    private static async Task<RuntimeFaultException> PullAsync(FakeEngine fake, TimeProvider clock)
    {
        using var engine = fake.Open(clock);
        Assert.True(ImageReference.TryParse("acme/tool:2", out var image));
        return await Assert.ThrowsAsync<RuntimeFaultException>(() => new ImagePull(engine, clock, NullLogger.Instance).PullAsync(image, Token));
    }
}
