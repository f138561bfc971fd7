using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PolyClaw.Tests.Mcp.Wire;

/// <summary>Keeps what is logged.</summary>
internal sealed class ListLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> _records = [];

    public IReadOnlyCollection<(LogLevel Level, string Text, Exception? Exception)> Records => _records;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _records.Enqueue((logLevel, formatter(state, exception), exception));
}
