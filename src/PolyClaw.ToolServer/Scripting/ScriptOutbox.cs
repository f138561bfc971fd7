using System.Globalization;
using System.Text;
using System.Text.Json;
using PolyClaw.ToolServer.Wire;

namespace PolyClaw.ToolServer.Scripting;

/// <summary>Sends what a call says, and keeps its bounds.</summary>
internal sealed class ScriptOutbox(Stream output)
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _attachedBytes;
    private int _logBytes;
    private int _logLines;
    private int _logLinesLeftOut;

    public void Begin() => Send(new WorkerMessage.Started());

    public void Log(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (_logLines == ScriptLimits.LogLines || bytes > ScriptLimits.LogBytes - _logBytes)
        {
            _logLinesLeftOut++;
            return;
        }

        _logLines++;
        _logBytes += bytes;
        Send(new WorkerMessage.Logged(text));
    }

    /// <summary>Sends a file; a string says why it may not be sent.</summary>
    public string? Attach(string name, string mime, string text)
    {
        if (_names.Count == ScriptLimits.Attachments)
        {
            return $"a call may attach {ScriptLimits.Attachments} files";
        }

        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > ScriptLimits.AttachmentBytes)
        {
            return $"\"{name}\" is {bytes} bytes long; {ScriptLimits.AttachmentBytes} are allowed";
        }

        if (bytes > ScriptLimits.AllAttachmentBytes - _attachedBytes)
        {
            return $"the call's files are longer than {ScriptLimits.AllAttachmentBytes} bytes together";
        }

        if (!_names.Add(name))
        {
            return $"\"{name}\" is attached already";
        }

        _attachedBytes += bytes;
        Send(new WorkerMessage.Attached(name, mime, text));
        return null;
    }

    /// <summary>Sends the end of the call.</summary>
    public void End(WorkerMessage end)
    {
        if (_logLinesLeftOut > 0)
        {
            Send(new WorkerMessage.Logged(string.Create(
                CultureInfo.InvariantCulture,
                $"({_logLinesLeftOut} more lines left out: a call may log {ScriptLimits.LogLines} lines and {ScriptLimits.LogBytes} bytes)")));
        }

        Send(end);
    }

    private void Send(WorkerMessage message) =>
        Frames.Write(output, JsonSerializer.SerializeToUtf8Bytes(message, WireJson.Plain.WorkerMessage));
}
