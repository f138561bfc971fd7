using PolyClaw.Containers.Engines;

namespace PolyClaw.Containers.Tests.Engines;

public sealed class EngineSettingsTests : IDisposable
{
    private readonly string _pem = Path.GetTempFileName();

    [Fact]
    public void Three_files_and_an_address_are_an_engine_over_mutual_TLS()
    {
        var settings = EngineSettings.Read("pop-up-nyc", Over("tcp://10.0.7.2:2376"));
        Assert.Empty(settings.Faults);
        Assert.Equal(("10.0.7.2", _pem, "Engines:pop-up-nyc:Endpoint"), (settings.Endpoint!.PublishedOn, settings.Endpoint.Tls?.KeyFile, settings.Endpoint.Setting));
    }

    [Theory]
    [InlineData("unix:///run/other.sock", null, "127.0.0.1")]
    [InlineData("unix:///run/other.sock", "10.0.7.9", "10.0.7.9")]
    [InlineData("tcp://127.0.0.1:2375", null, "127.0.0.1")]
    [InlineData("tcp://localhost:2375", null, "127.0.0.1")]
    [InlineData("tcp://[::1]:2375", null, "::1")]
    public void A_socket_and_this_machine_need_no_certificates(string endpoint, string? address, string published)
    {
        var settings = EngineSettings.Read("edge", new EngineOptions { Endpoint = endpoint, Address = address });
        Assert.Empty(settings.Faults);
        Assert.Equal((published, null), (settings.Endpoint!.PublishedOn, settings.Endpoint.Tls));
    }

    [Fact]
    public void An_engine_by_its_name_says_on_which_address_its_ports_are()
    {
        var options = Over("tcp://engine.example:2376");
        options.Address = "10.0.7.2";
        var settings = EngineSettings.Read("edge", options);
        Assert.Empty(settings.Faults);
        Assert.Equal(("engine.example", "10.0.7.2"), (settings.Endpoint!.Address.Host, settings.Endpoint.PublishedOn));
    }

    [Theory]
    [InlineData(null, "Endpoint")]
    [InlineData("", "Endpoint")]
    [InlineData("pop-up-nyc", "Endpoint")]
    [InlineData("ssh://host", "Endpoint")]
    [InlineData("http://127.0.0.1:2375", "Endpoint")]
    [InlineData("tcp://10.0.7.2", "Endpoint")]
    [InlineData("tcp://user:word@127.0.0.1:2375", "Endpoint")]
    [InlineData("tcp://127.0.0.1:2375/v1.41", "Endpoint")]
    [InlineData("tcp://10.0.7.2:2375", "Endpoint")]
    [InlineData("tcp://engine.example:2376", "Endpoint", "Address")]
    [Trait("Promise", "P66")]
    public void What_is_no_address_or_needs_TLS_and_has_none_is_refused_by_its_key(string? endpoint, params string[] keys) =>
        Assert.Equal(keys.Select(key => "Engines:edge:" + key), EngineSettings.Read("edge", new EngineOptions { Endpoint = endpoint }).Faults.Select(fault => fault.Path));

    [Fact]
    [Trait("Promise", "P66")]
    public void TLS_without_a_certificate_of_ours_is_refused()
    {
        var settings = Over("tcp://10.0.7.2:2376");
        (settings.CertFile, settings.KeyFile) = (null, "/no/such/key.pem");
        Assert.Equal(["Engines:edge:CertFile", "Engines:edge:KeyFile"], EngineSettings.Read("edge", settings).Faults.Select(fault => fault.Path));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("0.0.0.1")]
    [InlineData("127.1")]
    [InlineData("::ffff:0.0.0.0")]
    [InlineData("fe80::1%1")]
    [InlineData("engine.example")]
    [InlineData("10.0.7.2 ")]
    [Trait("BadInput", "B37")]
    public void Ports_are_published_on_one_machines_address_and_on_no_other(string address)
    {
        var options = Over("tcp://10.0.7.2:2376");
        options.Address = address;
        Assert.Equal(["Engines:edge:Address"], EngineSettings.Read("edge", options).Faults.Select(fault => fault.Path));
    }

    [Theory]
    [InlineData("local")]
    [InlineData("Pop-Up")]
    [InlineData("-x")]
    [InlineData("a.b")]
    [Trait("BadInput", "B30")]
    public void A_location_is_named_as_a_server_is(string name) =>
        Assert.Equal(["Engines:" + name], EngineSettings.Read(name, Over("tcp://10.0.7.2:2376")).Faults.Select(fault => fault.Path));

    [Fact]
    public void All_that_is_wrong_stops_the_start_at_once()
    {
        var options = new EnginesOptions();
        options.ByName["a"] = new EngineOptions();
        options.ByName["b"] = new EngineOptions { Endpoint = "tcp://10.0.7.2:2376" };
        Assert.Equal(["Engines:a:Endpoint", "Engines:b:Endpoint"], new EnginesOptionsValidator().Validate(null, options).Failures!.Select(failure => failure.Split(": ")[0]));
    }

    public void Dispose() => File.Delete(_pem);

    private EngineOptions Over(string endpoint) => new() { Endpoint = endpoint, CaFile = _pem, CertFile = _pem, KeyFile = _pem };
}
