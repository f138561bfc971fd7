using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PolyClaw.Containers.Hardening;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Engines;

/// <summary>What mutual TLS with an engine needs: three PEM files, read when the first connection is made.</summary>
/// <param name="CaFile">The authorities that vouch for the engine.</param>
/// <param name="CertFile">Our certificate, those between it and its authority after it.</param>
/// <param name="KeyFile">Its key.</param>
internal sealed record EngineTls(string CaFile, string CertFile, string KeyFile)
{
    /// <summary>Reads the authorities.</summary>
    /// <exception cref="EngineTlsException">They cannot be read.</exception>
    public X509Certificate2Collection ReadAuthorities()
    {
        var authorities = new X509Certificate2Collection();
        Read(CaFile, () => authorities.ImportFromPemFile(CaFile));
        return authorities.Count > 0 ? authorities : throw Unreadable(CaFile, "it holds no certificate", null);
    }

    /// <summary>Reads our certificate with its key.</summary>
    /// <exception cref="EngineTlsException">They cannot be read, or do not belong together.</exception>
    public SslStreamCertificateContext ReadCertificate()
    {
        SslStreamCertificateContext? context = null;
        Read(CertFile, () =>
        {
            var certificate = X509Certificate2.CreateFromPemFile(CertFile, KeyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(CertFile);
            context = SslStreamCertificateContext.Create(OperatingSystem.IsWindows() ? Stored(certificate) : certificate, chain, offline: true);
        });
        return context!;
    }

    // Windows' TLS takes no key that lives in memory alone.
    private static X509Certificate2 Stored(X509Certificate2 certificate)
    {
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    private void Read(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw Unreadable(file, unreadable.Message, unreadable);
        }
    }

    private EngineTlsException Unreadable(string file, string problem, Exception? cause) => new(
        new Fault(
            "engine_certificates",
            $"{LaunchRules.Show(file)} cannot be used{(file == CertFile ? " with key " + LaunchRules.Show(KeyFile) : "")}: {Runtimes.DockerFaults.OneLine(problem)}",
            Fix: "PEM files that this user may read, and a key that is the certificate's"),
        cause);
}
