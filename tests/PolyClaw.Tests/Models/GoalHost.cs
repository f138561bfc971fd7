using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolyClaw.Containers;
using PolyClaw.Core;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.Models;
using PolyClaw.Tests.Http;

namespace PolyClaw.Tests.Models;

/// <summary>
/// The house from goal to child server, in a folder of its own: real journal, gate, executor and ToolServer processes; only the model is
/// a double, and it is asked over HTTP by the real client.
/// </summary>
internal sealed class GoalHost : IAsyncDisposable
{
    public static readonly Principal Agent = new(Principal.LocalTenant, "test", PrincipalKind.Agent);

    private readonly ServiceProvider _services;
    private readonly Dictionary<string, GoalFile> _files = [];

    public GoalHost(ModelDouble model, Action<PolicyOptions>? policy = null)
    {
        Folder = Path.Combine(Path.GetTempPath(), "polyclaw-goal-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Folder);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace));
        services.AddSingleton(TimeProvider.System);
        services.AddPolyClawCore(Path.Combine(Folder, "journal.db"), Path.Combine(Folder, "blobs"), Path.Combine(Folder, "runs"));
        services.AddPolyClawContainers();
        services.AddPlannerModel();
        services.Configure<RuntimeOptions>(o => (o.Kind, o.ToolServerPath) = (RuntimeKind.Local, Repository.ToolServer));
        services.Configure<PolicyOptions>(o => policy?.Invoke(o));
        services.Configure<ModelOptions>(o => (o.Endpoint, o.Name, o.KeyVariable) = (model.Endpoint, "double", model.KeyVariable));
        _services = services.BuildServiceProvider();
    }

    public string Folder { get; }

    public ListLoggerProvider Logs { get; } = new();

    public Runs Runs => _services.GetRequiredService<Runs>();

    public IChildServers Servers => _services.GetRequiredService<IChildServers>();

    /// <summary>Lays a file of the repository beside the goal, under its path there.</summary>
    public GoalHost With(string path)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Folder, path));
        _files[path] = new GoalFile(path, _services.GetRequiredService<BlobStore>().Put(bytes), bytes.Length);
        return this;
    }

    /// <summary>Carries a goal out until it ends or waits for somebody.</summary>
    public async Task<RunView> RunAsync(string goal, bool withRuntime = true)
    {
        if (withRuntime)
            await _services.GetRequiredService<IChildServers>().RestoreAsync([], TestContext.Current.CancellationToken);
        var (run, fault) = await Runs.StartAsync(new RunOrder(goal, Agent, PlanOnly: false, new RunLimits(), [.. _files.Values]));
        Assert.Null(fault);
        await Runs.WaitAsync(Agent.Tenant, run, TimeSpan.FromMinutes(2), null, TestContext.Current.CancellationToken);
        return Runs.Find(Agent.Tenant, run, after: 0)!;
    }

    public string Artifact(RunView run, string name)
    {
        var file = Assert.Single(run.Artifacts, a => a.Name == name);
        Assert.True(_services.GetRequiredService<BlobStore>().TryGet(file.Sha256, out var bytes));
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Every file of the home as text, to look for what must not be there. The journal's lock is empty, and held.</summary>
    public IEnumerable<(string Path, string Text)> Everything() =>
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).Select(path =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.Latin1);
            return (path, reader.ReadToEnd());
        });

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Where the sources and what was built of them lie.</summary>
internal static class Repository
{
    public static string Folder { get; } = Find();

    /// <summary>ToolServer, as the app's build lays it out.</summary>
    public static string ToolServer { get; } = Path.Combine(
        Folder, "src", "PolyClaw", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, new DirectoryInfo(AppContext.BaseDirectory).Name, "toolserver", "polyclaw-toolserver.dll");

    /// <summary>The spec of the sample's server with its code in it, as a model would write it.</summary>
    /// <param name="memory">What it asks for.</param>
    public static JsonObject SalesServer(string memory = "128Mi")
    {
        var samples = Path.Combine(Folder, "samples", "sales");
        var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(samples, "server.json")))!.AsObject();
        spec["name"] = "sales";
        spec["resources"]!["memory"] = memory;
        spec["source"]!["files"] = new JsonArray(new JsonObject { ["name"] = "sales.csv", ["from"] = "samples/sales/sales.csv" });
        foreach (var tool in spec["source"]!["tools"]!.AsArray().Select(t => t!.AsObject()))
        {
            tool["code"] = File.ReadAllText(Path.Combine(samples, tool["code_file"]!.GetValue<string>()));
            tool.Remove("code_file");
        }

        return spec;
    }

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "PolyClaw.slnx")))
                return at.FullName;
        throw new DirectoryNotFoundException("PolyClaw.slnx lies above no folder of the tests");
    }
}
