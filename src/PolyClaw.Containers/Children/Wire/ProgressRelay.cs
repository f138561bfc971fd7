using System.Globalization;
using System.Text.Json;
using PolyClaw.Containers.Children.Listing;

namespace PolyClaw.Containers.Children.Wire;

/// <summary>
/// Passes a child's progress on, ten messages a second at most: what comes in between is replaced by what comes after it, and
/// the last is never held back for good.
/// </summary>
internal sealed class ProgressRelay(IProgress<string> listener, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private string? _waiting;
    private long? _lastSent;
    private double _reached = double.NegativeInfinity;
    private bool _disposed;

    /// <summary>Takes the parameters of a progress notification.</summary>
    /// <returns>False when they are no progress, or it does not increase.</returns>
    public bool Take(JsonElement parameters)
    {
        if (!parameters.TryGetProperty("progress"u8, out var progress) || progress.ValueKind != JsonValueKind.Number
            || !progress.TryGetDouble(out var reached) || !(reached > _reached))
        {
            return false;
        }

        _reached = reached;
        Send(Text(parameters, reached));
        return true;
    }

    /// <summary>Sends what still waits, then nothing more.</summary>
    public void Dispose()
    {
        string? last;
        lock (_lock)
        {
            _disposed = true;
            last = _waiting;
            _waiting = null;
            _timer?.Dispose();
        }

        if (last is not null)
            listener.Report(last);
    }

    private void Send(string text)
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            if (_lastSent is { } sent && clock.GetElapsedTime(sent) is var elapsed && elapsed < Pause)
            {
                if (_waiting is null)
                {
                    _timer ??= clock.CreateTimer(static relay => ((ProgressRelay)relay!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    _timer.Change(Pause - elapsed, Timeout.InfiniteTimeSpan);
                }

                _waiting = text;
                return;
            }

            _lastSent = clock.GetTimestamp();
        }

        listener.Report(text);
    }

    private void Flush()
    {
        string? text;
        lock (_lock)
        {
            text = _waiting;
            _waiting = null;
            _lastSent = clock.GetTimestamp();
        }

        if (text is not null)
            listener.Report(text);
    }

    private static string Text(JsonElement parameters, double reached)
    {
        if (parameters.TryGetProperty("message"u8, out var message) && message.ValueKind == JsonValueKind.String)
            return PlainText.Quote(message.GetString()!);
        var of = parameters.TryGetProperty("total"u8, out var total) && total.ValueKind == JsonValueKind.Number && total.TryGetDouble(out var whole)
            ? string.Create(CultureInfo.InvariantCulture, $" of {whole}")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{reached}{of}");
    }
}
