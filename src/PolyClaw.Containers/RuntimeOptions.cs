namespace PolyClaw.Containers;

/// <summary>How child servers are run: the settings under <c>Runtime</c>.</summary>
public sealed class RuntimeOptions
{
    /// <summary>Which runtime to use. Default <see cref="RuntimeKind.Auto"/>.</summary>
    public RuntimeKind Kind { get; set; } = RuntimeKind.Auto;

    /// <summary>Id of the instance's home, which everything it makes in an engine bears. Set by the app; without one Docker is not used. Default none.</summary>
    public string? Instance { get; set; }

    /// <summary>ToolServer's program file, or its <c>.dll</c> to run through <c>dotnet</c>. Default none: <c>toolserver/</c> beside the app.</summary>
    public string? ToolServerPath { get; set; }

    /// <summary>
    /// The image that ToolServer is published in, once, when the app runs from its sources on macOS or Windows beside an engine.
    /// Default <c>mcr.microsoft.com/dotnet/sdk:10.0</c>.
    /// </summary>
    public string SdkImage { get; set; } = "mcr.microsoft.com/dotnet/sdk:10.0";

    /// <summary>Time a started server has to answer its first request. Default 10 s, 1 s to 10 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time a server has to list all its tools. Default 10 s, 1 s to 10 min.</summary>
    public TimeSpan ListTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time a tool call has. Default 60 s, 1 s to 1 h.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time a server has to answer a health check, also after a call timed out; else it is ended. Default 5 s, 1 s to 1 min.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a server that is not being used is asked whether it is there. Default 30 s, 1 s to 1 h.</summary>
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Which runtime to use.</summary>
public enum RuntimeKind
{
    /// <summary>Docker where an engine answers, else the local runtime.</summary>
    Auto,

    /// <summary>Docker; where no engine answers, servers cannot be started.</summary>
    Docker,

    /// <summary>Local processes, even where there is an engine.</summary>
    Local,
}
