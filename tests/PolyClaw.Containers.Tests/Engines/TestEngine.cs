using System.Formats.Tar;
using PolyClaw.Containers.Engines;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Engines;

/// <summary>The engine that is there: DOCKER_HOST, else the default socket.</summary>
public sealed class DefaultEngine() : TestEngine("DOCKER_HOST", "/var/run/docker.sock");

/// <summary>A second, newer engine, when one was brought up beside the first.</summary>
public sealed class Engine28() : TestEngine("POLYCLAW_TEST_DOCKER28", null);

/// <summary>An engine at another place: the product reaches it over mutual TLS alone, the tests look at it through its socket.</summary>
public sealed class TlsEngine() : TestEngine("POLYCLAW_TEST_ENGINE_TLS_SOCKET", null)
{
    internal override DockerEndpoint Endpoint => EngineSettings.Read("pop-up-nyc", Options).Endpoint!;

    /// <summary>Its settings, as a person would write them.</summary>
    public static EngineOptions Options
    {
        get
        {
            var certificates = Variable("CERTS");
            return new EngineOptions
            {
                Endpoint = Variable(null),
                Address = Variable("ADDRESS"),
                CaFile = Path.Combine(certificates, "ca.pem"),
                CertFile = Path.Combine(certificates, "cert.pem"),
                KeyFile = Path.Combine(certificates, "key.pem"),
            };
        }
    }

    private static string Variable(string? part)
    {
        var name = "POLYCLAW_TEST_ENGINE_TLS" + (part is null ? "" : "_" + part);
        return Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");
    }
}

[CollectionDefinition(Name)]
public sealed class TlsEngineTests : ICollectionFixture<TlsEngine>
{
    public const string Name = "engine over TLS";
}

[CollectionDefinition(Name)]
public sealed class PlacesTests : ICollectionFixture<DefaultEngine>, ICollectionFixture<TlsEngine>
{
    public const string Name = "two places";
}

[CollectionDefinition(Name)]
public sealed class DefaultEngineTests : ICollectionFixture<DefaultEngine>
{
    public const string Name = "default engine";
}

[CollectionDefinition(Name)]
public sealed class Engine28Tests : ICollectionFixture<Engine28>
{
    public const string Name = "engine 28";
}

/// <summary>
/// A real engine for tests. What tests make bears an instance label that starts with this run's id; whatever is left of it is removed at the end,
/// the image with busybox included. Without an engine tests skip and say so, or fail under POLYCLAW_TEST_REQUIRE_ENGINE=1.
/// </summary>
public abstract class TestEngine : IAsyncLifetime
{
    private static readonly string[] Programs = ["sh", "cat", "echo", "sleep", "env", "id", "head", "tail", "tr", "dd", "touch", "wget", "grep", "ls", "ps", "kill", "true", "nc", "mount", "unshare", "md5sum", "seq", "chmod", "cp"];

    private readonly string? _socket;
    private readonly string _variable;
    private readonly string _run = "test-" + Guid.NewGuid().ToString("N")[..12];
    private readonly List<string> _instances = [];
    private readonly List<string> _tags = [];
    private string? _missing;

    protected TestEngine(string variable, string? fallback)
    {
        _variable = variable;
        var address = Environment.GetEnvironmentVariable(variable);
        _socket = string.IsNullOrEmpty(address) ? fallback : address.StartsWith("unix://", StringComparison.Ordinal) ? address["unix://".Length..] : address;
    }

    /// <summary>The engine's socket.</summary>
    public string Socket => _socket ?? throw new InvalidOperationException("asked for before Require");

    /// <summary>An image with busybox and the names its shell needs.</summary>
    public string Image => _run + ":busybox";

    internal EngineApi Api { get; private set; } = null!;

    internal virtual DockerEndpoint Endpoint => new(new("unix://" + Socket), "the test");

    /// <summary>Call first in every test.</summary>
    public void Require()
    {
        if (_missing is null)
            return;
        Assert.SkipWhen(Environment.GetEnvironmentVariable("POLYCLAW_TEST_REQUIRE_ENGINE") != "1", _missing);
        Assert.Fail(_missing);
    }

    /// <summary>An instance id of this run's, new at each call.</summary>
    public string NewInstance()
    {
        lock (_instances)
        {
            _instances.Add($"{_run}-{_instances.Count}");
            return _instances[^1];
        }
    }

    /// <summary>The same image with more in its settings; removed at the end.</summary>
    public async Task<string> ImportAsync(string tag, params IReadOnlyList<string> changes)
    {
        using var archive = Pack(Busybox()!);
        lock (_instances)
            _tags.Add(tag);
        await Api.ImportAsync(_run, tag, archive, changes);
        return $"{_run}:{tag}";
    }

    public async ValueTask InitializeAsync()
    {
        if (_socket is null || !File.Exists(_socket))
        {
            _missing = _socket is null ? $"{_variable} is not set: no second engine to test with" : $"no engine socket at {_socket}";
            return;
        }
        Api = new(_socket);
        try
        {
            await Api.PingAsync();
        }
        catch (HttpRequestException refused)
        {
            _missing = $"no engine answers at {_socket}: {refused.Message}";
            return;
        }
        if (Busybox() is not { } busybox)
        {
            _missing = "no busybox on this machine: apt-get install busybox-static";
            return;
        }
        using var archive = Pack(busybox);
        await Api.ImportAsync(_run, "busybox", archive);
    }

    public async ValueTask DisposeAsync()
    {
        if (_missing is null)
        {
            foreach (var instance in _instances)
            {
                foreach (var left in await Api.NamesAsync(instance))
                    await Api.RemoveAsync($"containers/{left}?force=true&v=true");
            }
            foreach (var tag in _tags.Prepend("busybox"))
                await Api.RemoveAsync($"images/{_run}:{tag}?force=true");
        }
        Api?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Path of a static busybox, which runs in an empty image.</summary>
    public static string? Busybox() => new[] { "/bin/busybox", "/usr/bin/busybox" }.FirstOrDefault(File.Exists);

    private static MemoryStream Pack(string busybox)
    {
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var folder in new[] { "bin", "etc", "tmp" })
                tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder) { Mode = folder == "tmp" ? (UnixFileMode)0b1_111_111_111 : (UnixFileMode)0b111_101_101 });
            using var program = File.OpenRead(busybox);
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = program });
            foreach (var name in Programs)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "bin/" + name) { LinkName = "busybox" });
        }
        archive.Position = 0;
        return archive;
    }
}
