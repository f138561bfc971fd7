using System.Globalization;

namespace PolyClaw.Core.Services;

/// <summary>A service in a few lines, for people who watch it.</summary>
public static class ServiceText
{
    /// <summary>What it waits for or how it stands, then a line for each version that runs or takes traffic.</summary>
    /// <param name="view">The service.</param>
    public static string Of(ServiceView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return string.Join('\n', Versions(view).Prepend(Headline(view)));
    }

    /// <summary>What it waits for, or how it stands.</summary>
    /// <param name="view">The service.</param>
    public static string Headline(ServiceView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.Rollout is { } rollout && !Rollouts.RolloutPhaseExtensions.IsTerminal(rollout.Phase)
            ? $"{Wire.Name(rollout.Strategy).Replace('_', '-')}, {Wire.Name(rollout.Phase).Replace('_', ' ')}{(rollout.Waits is { } waits ? ": " + waits.Replace("holding: ", "", StringComparison.Ordinal) : "")}"
            : view.State;
    }

    /// <summary>A line for each version that runs or takes traffic: replicas (healthy of wanted), share, requests, errors, latency.</summary>
    /// <param name="view">The service.</param>
    public static IEnumerable<string> Versions(ServiceView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.Versions
            .Where(v => v.Wanted > 0 || v.Weight > 0 || view.Replicas.Any(r => r.Version == v.Version))
            .Select(v => string.Create(
                CultureInfo.InvariantCulture,
                $"v{v.Version} {v.Healthy}/{v.Wanted} {v.Weight} % {v.RequestsPerSecond:0.#}/s {v.ErrorPercent:0.##} % errors p50 {v.P50Ms:0.#} p99 {v.P99Ms:0.#} ms"));
    }
}
