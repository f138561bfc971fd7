using System.Text;
using Jint;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;
using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.ToolServer.Scripting;

/// <summary>
/// The <c>host</c> that code is given: a frozen object with three functions that take and give strings. No CLR object
/// is ever projected into the engine.
/// </summary>
internal sealed class HostObject(Engine engine, IReadOnlyDictionary<string, byte[]> files, ScriptOutbox outbox)
{
    public JsValue Create()
    {
        var host = new JsObject(engine);
        Add(host, "readText", 1, ReadText);
        Add(host, "log", 1, Log);
        Add(host, "attach", 3, Attach);
        host.PreventExtensions();
        return host;
    }

    private void Add(JsObject host, string name, int length, Func<JsValue, JsValue[], JsValue> function)
    {
        var value = new ClrFunction(engine, name, function, length, PropertyFlag.Configurable);
        value.PreventExtensions();
        _ = host.DefineOwnProperty(name, new PropertyDescriptor(value, writable: false, enumerable: true, configurable: false));
    }

    private JsValue ReadText(JsValue self, JsValue[] arguments)
    {
        var name = Text(arguments, 0, "host.readText(name)", "name");
        if (files.TryGetValue(name, out var text))
        {
            return JsString.Create(Encoding.UTF8.GetString(text));
        }

        var known = files.Count == 0 ? "no files were handed in" : $"the files are {string.Join(", ", files.Keys.Take(50).Select(k => $"\"{k}\""))}";
        throw Error($"host.readText: there is no file \"{Field.Visible(name)}\"; {known}");
    }

    private JsValue Log(JsValue self, JsValue[] arguments)
    {
        // Whatever it is, a log takes it: a failed log must not be what fails a tool.
        var text = arguments.Length == 0 ? "" : arguments[0].IsSymbol() ? arguments[0].ToString() : TypeConverter.ToString(arguments[0]);
        outbox.Log(Surrogates.Replace(text));
        return JsValue.Undefined;
    }

    private JsValue Attach(JsValue self, JsValue[] arguments)
    {
        const string Usage = "host.attach(name, mime, text)";
        var name = Text(arguments, 0, Usage, "name");
        var mime = Text(arguments, 1, Usage, "mime");
        var text = Text(arguments, 2, Usage, "text");
        if (!Names.IsPlainFileName(name))
        {
            throw Error($"host.attach: the name \"{Field.Visible(name)}\" must be 1 to 128 of A-Z a-z 0-9 _ . - and not begin with a dot");
        }

        if (!MimeType.IsValid(mime))
        {
            throw Error($"host.attach: \"{Field.Visible(mime)}\" is no media type; one such as text/csv or image/svg+xml is expected");
        }

        if (Surrogates.IndexOfLone(text) is var lone and >= 0)
        {
            throw Error($"host.attach: the text holds half of a surrogate pair at index {lone}");
        }

        return outbox.Attach(name, mime, text) is { } problem
            ? throw Error($"host.attach: {problem}")
            : JsString.Create($"attachment:///{name}");
    }

    private string Text(JsValue[] arguments, int index, string usage, string parameter) =>
        arguments.Length > index && arguments[index].IsString()
            ? arguments[index].AsString()
            : throw new JavaScriptException(engine.Intrinsics.TypeError, $"{usage}: {parameter} must be a string");

    private JavaScriptException Error(string message) => new(engine.Intrinsics.Error, message);
}
