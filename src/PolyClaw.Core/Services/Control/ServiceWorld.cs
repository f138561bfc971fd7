using Microsoft.Extensions.Logging;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Services.Control;

/// <summary>Everything that services are kept with.</summary>
internal sealed record ServiceWorld(
    Journal.Journal Journal,
    PolicyGate Gate,
    QuotaLedger Ledger,
    IWorkloads Workloads,
    IServiceTraffic Traffic,
    IServiceNotices Notices,
    ServiceOptions Options,
    TimeProvider Clock,
    ILogger Log);
