using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Policy;

public class PolicyOptionsTests
{
    [Fact]
    public void The_defaults_pass() => Assert.NotNull(Create(_ => { }));

    [Theory]
    [InlineData("Policy:Limits:Cpu")]
    [InlineData("Policy:Limits:Memory")]
    [InlineData("Policy:Limits:Storage")]
    [InlineData("Policy:Limits:Servers")]
    [InlineData("Policy:Limits:Pids")]
    [InlineData("Policy:Limits:StepsPerRun")]
    [InlineData("Policy:Tenants:acme:Memory")]
    [InlineData("Policy:Tenants:acme:Servers")]
    [InlineData("Policy:Tenants")]
    [InlineData("Policy:Images:Allow")]
    [InlineData("Policy:Approval:Actions")]
    [InlineData("Policy:LeastIsolation")]
    public void A_wrong_value_stops_the_start_and_names_its_key(string key)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Create(o => Spoil(o, key)));
        Assert.Contains(error.Failures, f => f.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_wrong_value_is_told_at_once()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Create(o => (o.Limits.Cpu, o.Limits.Memory, o.Limits.Servers) = ("x", "y", -1)));
        Assert.All(["Cpu", "Memory", "Servers"], k => Assert.Contains(error.Failures, f => f.Contains("Policy:Limits:" + k, StringComparison.Ordinal)));
    }

    private static void Spoil(PolicyOptions options, string key)
    {
        switch (key)
        {
            case "Policy:Limits:Cpu": options.Limits.Cpu = "four"; break;
            case "Policy:Limits:Memory": options.Limits.Memory = "8gb"; break;
            case "Policy:Limits:Storage": options.Limits.Storage = ""; break;
            case "Policy:Limits:Servers": options.Limits.Servers = -1; break;
            case "Policy:Limits:Pids": options.Limits.Pids = 0; break;
            case "Policy:Limits:StepsPerRun": options.Limits.StepsPerRun = 10_001; break;
            case "Policy:Tenants:acme:Memory": options.Tenants["acme"] = new TenantOptions { Memory = "1 Gi" }; break;
            case "Policy:Tenants:acme:Servers": options.Tenants["acme"] = new TenantOptions { Servers = 1001 }; break;
            case "Policy:Tenants": options.Tenants["A/b"] = new TenantOptions(); break;
            case "Policy:Images:Allow": options.Images.Allow = ["docker.io/x:latest@"]; break;
            case "Policy:Approval:Actions": options.Approval.Actions = ["rm_rf"]; break;
            case "Policy:LeastIsolation": options.LeastIsolation = Isolation.Remote; break;
            default: Assert.Fail("no way known to spoil " + key); break;
        }
    }

    // The options system without a container: what AddPolicyOptions registered is what judges.
    private static PolicyOptions Create(Action<PolicyOptions> change)
    {
        var services = new ServiceCollection();
        services.AddPolicyOptions();
        var judges = services
            .Where(s => s.ServiceType == typeof(IValidateOptions<PolicyOptions>))
            .Select(s => (IValidateOptions<PolicyOptions>)Activator.CreateInstance(s.ImplementationType!)!)
            .ToList();
        Assert.Equal(2, judges.Count);
        return new OptionsFactory<PolicyOptions>([new ConfigureOptions<PolicyOptions>(change)], [], judges).Create(Options.DefaultName);
    }
}
