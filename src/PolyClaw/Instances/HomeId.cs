using System.Security.Cryptography;
using System.Text;
using PolyClaw.Core.Goals;

namespace PolyClaw.Instances;

/// <summary>
/// Tells a home's containers from those of another, however the machine is called: a container gets a new host name at each start, and a
/// laptop is renamed. The random part lies in the home; where the home lies is mixed in, so that a copy never takes the original's containers
/// for leftovers of its own.
/// </summary>
internal static class HomeId
{
    private const int RandomBytes = 16;
    private const int LongestFile = 256;
    private const int Shown = 16;

    /// <summary>The id of the home at a folder; its random part is made at the first call.</summary>
    /// <exception cref="HomeFaultException">The file cannot be used; nothing is guessed in its place.</exception>
    public static string Of(string folder, string file)
    {
        try
        {
            if (!File.Exists(file))
                PrivateFile.CreateOnce(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Read(file) + "\n" + folder)))[..Shown];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(file, e.Message);
        }
    }

    private static string Read(string file)
    {
        var info = new FileInfo(file);
        if (info.LinkTarget is not null)
            throw Broken(file, "it is a link");
        if (info.Length > LongestFile)
            throw Broken(file, $"it is longer than {LongestFile} bytes");
        var text = File.ReadAllText(file).Trim();
        return text.Length == 2 * RandomBytes && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw Broken(file, $"it does not hold {2 * RandomBytes} hexadecimal digits");
    }

    private static HomeFaultException Broken(string file, string why) => new(new Fault(
        "bad_home_id", $"the file that names this home cannot be used: {why}", file,
        "restore it, or remove it: a new one is made at the next start, and containers that an earlier instance left behind are then no longer found"));
}
