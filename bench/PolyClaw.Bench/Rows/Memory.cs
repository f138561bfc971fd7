using System.Runtime.CompilerServices;
using PolyClaw.Bench.Figures;
using PolyClaw.Bench.Peers;

namespace PolyClaw.Bench.Rows;

/// <summary>Memory of what lies idle: the instance, a ToolServer, twenty children. Told beside the floors'; there is no goal for it.</summary>
internal sealed class Memory(BenchSettings settings) : IRow
{
    public const string RowName = "memory";

    private const int Children = 20;

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            throw new NotHereException("memory is read from /proc, which this system has not");
        var kestrel = await OfServerAsync(settings.KestrelFloor, [Lines.Initialize], cancellationToken);
        var stdio = await OfServerAsync(settings.StdioFloor, [Lines.Initialize], cancellationToken);
        await using var home = AppHome.Make(settings, "local");
        await home.StartInstanceAsync(cancellationToken);
        var pid = await home.InstancePidAsync(cancellationToken);
        foreach (var figure in Both("instance, idle / stdio + Kestrel", ProcessMemory.Of(pid), kestrel))
            yield return figure;
        foreach (var figure in Both("ToolServer, idle / stdio", await OfServerAsync(settings.ToolServer, [Lines.Definition, Lines.Initialize], cancellationToken), stdio))
            yield return figure;

        await using var client = await home.ConnectAsync(cancellationToken);
        for (var i = 0; i < Children; i++)
            await client.CreateServerAsync($"child-{i}", Lines.ToolsSource(), cancellationToken);
        var children = ProcessMemory.Descendants(pid);
        if (children.Count < Children)
            throw new InvalidOperationException($"the instance has {children.Count} processes below it, fewer than the {Children} children");
        var all = children.Select(ProcessMemory.Of).ToList();
        yield return new Figure($"{Children} children, local, {children.Count} processes, sum of PSS", "MiB", One(all.Sum(m => m.Pss)), null, new Goal.None());
        yield return new Figure($"instance with {Children} children, PSS", "MiB", One(ProcessMemory.Of(pid).Pss), null, new Goal.None());
    }

    private static IEnumerable<Figure> Both(string name, ProcessMemory measured, ProcessMemory floor) =>
    [
        new Figure(name + ", RSS", "MiB", One(measured.Rss), One(floor.Rss), new Goal.None()),
        new Figure(name + ", PSS", "MiB", One(measured.Pss), One(floor.Pss), new Goal.None()),
    ];

    private static Samples One(double value) => new([value]);

    private static async Task<ProcessMemory> OfServerAsync(string program, string[] lines, CancellationToken cancellationToken)
    {
        await using var server = LineServer.Start(program, []);
        foreach (var line in lines)
            await server.WriteAsync(line, cancellationToken);
        await server.ReadAnswerAsync(cancellationToken);
        return ProcessMemory.Of(server.Pid);
    }
}
