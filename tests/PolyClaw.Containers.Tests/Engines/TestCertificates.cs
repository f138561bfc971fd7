using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PolyClaw.Containers.Tests.Engines;

/// <summary>An authority made for one test, and what it signs.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polyclaw-tls-").FullName;
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=an authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(Today.AddDays(-1), Today.AddDays(30));
        CaFile = Write("ca.pem", _authority.ExportCertificatePem());
        using var ours = Sign("a client", "1.3.6.1.5.5.7.3.2", null);
        CertFile = Write("cert.pem", ours.ExportCertificatePem());
        KeyFile = Write("key.pem", ours.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public string CaFile { get; }

    public string CertFile { get; }

    public string KeyFile { get; }

    public X509Certificate2 Authority => _authority;

    private static DateTimeOffset Today => TimeProvider.System.GetUtcNow();

    public X509Certificate2 Server(string address) => Sign("a server", "1.3.6.1.5.5.7.3.1", IPAddress.Parse(address));

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private X509Certificate2 Sign(string name, string use, IPAddress? address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        if (address is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(address);
            request.CertificateExtensions.Add(names.Build());
        }

        using var signed = request.Create(_authority, Today.AddDays(-1), Today.AddDays(20), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
