using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>Chooses the version that answers a request, by the shares of the traffic.</summary>
internal static class VersionChoice
{
    /// <summary>The version for a request, among those that have replicas; nothing when none has.</summary>
    /// <param name="routes">The service's routes.</param>
    /// <param name="sessionKey">
    /// What the client calls its session: one session stays with one version, and a share that grows moves sessions to that version only, never back.
    /// Nothing for a request on its own.
    /// </param>
    /// <param name="without">A replica that has just failed: a version that has no other is passed over.</param>
    public static VersionRoute? Of(ServiceRoutes routes, string? sessionKey, ReplicaId? without = null)
    {
        // The newest first: its share begins at 0 whatever it is, so those who had it keep it while it grows.
        var able = routes.Versions.Where(version => version.Weight > 0 && version.Replicas.Any(replica => replica.Id != without)).OrderByDescending(version => version.Version).ToList();
        if (able.Count <= 1)
            return able.FirstOrDefault();
        var point = Point(routes, sessionKey) * able.Sum(version => version.Weight);
        foreach (var version in able)
        {
            point -= version.Weight;
            if (point < 0)
                return version;
        }

        return able[^1];
    }

    /// <summary>From 0 up to 1: the same for the same session of a service.</summary>
    private static double Point(ServiceRoutes routes, string? sessionKey) => sessionKey is null
        ? Random.Shared.NextDouble()
        : (BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{routes.Tenant}\0{routes.Service}\0{sessionKey}"))) >> 11) / (double)(1UL << 53);
}
