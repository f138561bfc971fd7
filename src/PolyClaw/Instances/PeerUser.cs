using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace PolyClaw.Instances;

/// <summary>Whether the other end of a Unix socket is this very user. The socket's mode says so already; this asks the kernel.</summary>
internal static partial class PeerUser
{
    private const int SolSocket = 1;
    private const int PeerCredentials = 17;

    /// <summary>True on Linux for the same user or root; on other systems the socket's mode alone decides.</summary>
    public static bool IsOurs(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        if (socket.GetRawSocketOption(SolSocket, PeerCredentials, credentials) != credentials.Length)
            return false;
        var user = MemoryMarshal.Cast<byte, uint>(credentials)[1];
        return user == 0 || user == EffectiveUser();
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
