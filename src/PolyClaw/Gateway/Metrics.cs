using System.Globalization;
using System.Text;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>What is known of the requests, in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).</summary>
internal static class Metrics
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(RouteTable routes, TrafficCounts counts, Flights flights)
    {
        var text = new StringBuilder();
        var replicas = counts.Replicas.OrderBy(r => r.Key.ToString(), StringComparer.Ordinal).ToList();
        Head(text, "polyclaw_gateway_requests_total", "counter", "Requests answered.");
        foreach (var (id, seen) in replicas)
            Line(text, "polyclaw_gateway_requests_total", Labels(id), seen.Count);
        Head(text, "polyclaw_gateway_request_failures_total", "counter", "Requests answered with a server's error, or not at all.");
        foreach (var (id, seen) in replicas)
            Line(text, "polyclaw_gateway_request_failures_total", Labels(id), seen.Failures);
        Head(text, "polyclaw_gateway_request_duration_seconds", "histogram", "Time from the first byte in to the last byte out.");
        foreach (var (id, seen) in replicas)
        {
            for (var i = 0; i < ReplicaCounts.Bounds.Count; i++)
                Line(text, "polyclaw_gateway_request_duration_seconds_bucket", Labels(id) + $",le=\"{ReplicaCounts.Bounds[i].ToString(CultureInfo.InvariantCulture)}\"", seen.UpTo(i));
            Line(text, "polyclaw_gateway_request_duration_seconds_bucket", Labels(id) + ",le=\"+Inf\"", seen.Count);
            Line(text, "polyclaw_gateway_request_duration_seconds_sum", Labels(id), seen.Seconds);
            Line(text, "polyclaw_gateway_request_duration_seconds_count", Labels(id), seen.Count);
        }

        Head(text, "polyclaw_gateway_requests_in_flight", "gauge", "Requests under way.");
        foreach (var replica in routes.All.SelectMany(r => r.Versions).SelectMany(v => v.Replicas))
            Line(text, "polyclaw_gateway_requests_in_flight", Labels(replica.Id), flights.At(replica.Id));
        Head(text, "polyclaw_gateway_version_weight", "gauge", "Share of the traffic in percent.");
        foreach (var service in routes.All)
            foreach (var version in service.Versions)
                Line(text, "polyclaw_gateway_version_weight", Labels(service, version), version.Weight);
        Head(text, "polyclaw_gateway_version_replicas", "gauge", "Replicas that take traffic.");
        foreach (var service in routes.All)
            foreach (var version in service.Versions)
                Line(text, "polyclaw_gateway_version_replicas", Labels(service, version), version.Replicas.Count);
        return text.ToString();
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append('{').Append(labels).Append("} ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');

    // Tenants and services are DNS labels: nothing in them has to be escaped.
    private static string Labels(ReplicaId id) => string.Create(
        CultureInfo.InvariantCulture, $"tenant=\"{id.Tenant}\",service=\"{id.Service}\",version=\"{id.Version}\",replica=\"{id.Number}\"");

    private static string Labels(ServiceRoutes service, VersionRoute version) => string.Create(
        CultureInfo.InvariantCulture, $"tenant=\"{service.Tenant}\",service=\"{service.Service}\",version=\"{version.Version}\"");
}
