using System.Globalization;
using System.Text;

namespace PolyClaw.Instances;

/// <summary>The instance's log: one line an event, control characters escaped, at most two files of 8 MiB.</summary>
internal sealed class FileLog(string path, TimeProvider clock) : ILoggerProvider
{
    private const long Largest = 8L << 20;
    private readonly Lock _writing = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        // Every line is written and closed at once.
    }

    private void Write(string line)
    {
        lock (_writing)
        {
            try
            {
                if (File.Exists(path) && new FileInfo(path).Length > Largest)
                    File.Move(path, path + ".1", overwrite: true);
                File.AppendAllText(path, line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full or read-only disk must not stop the instance; the journal says so where it matters.
            }
        }
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
            if (char.IsControl(c))
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                line.Append(c);
        return line.ToString();
    }

    private sealed class Category(FileLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var at = log.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            log.Write($"{at} {logLevel} {name}: {OneLine(formatter(state, exception))}{(exception is null ? "" : " " + OneLine(exception.ToString()))}\n");
        }
    }

    private DateTimeOffset At => clock.GetUtcNow();
}
