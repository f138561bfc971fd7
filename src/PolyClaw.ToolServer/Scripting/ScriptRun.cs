using System.Globalization;
using System.Text;
using Acornima;
using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;
using PolyClaw.ToolServer.Wire;

namespace PolyClaw.ToolServer.Scripting;

/// <summary>
/// Runs one tool's code once, in an engine of its own. The engine's limits give good messages; they are no boundary:
/// that is the process, which is killed when it overruns.
/// </summary>
internal sealed class ScriptRun(JobHeader job, IReadOnlyDictionary<string, byte[]> files, ScriptOutbox outbox)
{
    /// <summary>The name that the tool's code has in stack traces.</summary>
    public const string SourceName = "tool.js";

    // Evaluated before the tool's code, so that what it holds cannot be replaced by that code. The output is made
    // text inside the engine; a promise is awaited there too.
    private const string Driver = """
        (function () {
          'use strict';
          delete globalThis.ShadowRealm;
          // The engine has no tables to normalise by, and would hand the text back unchanged.
          Object.defineProperty(String.prototype, 'normalize', {
            value: function normalize() {
              const text = String(this);
              if (/[^\x00-\x7f]/.test(text)) {
                throw new Error('String.prototype.normalize is not supported for text outside ASCII: leave it out, or replace the characters you mean');
              }
              return text;
            },
            writable: true, enumerable: false, configurable: true
          });
          const { parse, stringify } = JSON;
          const Awaited = Promise;
          const then = Promise.prototype.then;
          const apply = Reflect.apply;
          return function (tool, input, host, returned, thrown) {
            const done = value => returned(typeof value, stringify(value));
            const output = tool(parse(input), host);
            if (output !== null && typeof output === 'object' && typeof output.then === 'function') {
              const settled = new Awaited(resolve => resolve(output));
              apply(then, apply(then, settled, [done]), [undefined, thrown]);
            } else {
              done(output);
            }
          };
        })()
        """;

    private WorkerMessage? _end;

    /// <summary>The end of the call; whatever the code does, this returns or the process is killed.</summary>
    public WorkerMessage Run()
    {
        try
        {
            return Execute();
        }
        catch (ParseErrorException fault)
        {
            return Failed($"the tool's code does not parse, at line {fault.LineNumber}, column {fault.Column + 1}: {fault.Description}");
        }
        catch (JavaScriptException)
        {
            return Failed("the tool's code threw an object that throws again when it is looked at");
        }
        catch (Exception fault)
        {
            // The edge of the call: a fault of the engine's own ends this call, in words, and no other.
            return Failed(Limit(fault) ?? $"the JavaScript engine cannot run this code ({fault.GetType().Name}): write it in a simpler way");
        }
    }

    private WorkerMessage Execute()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(job.Limits.CallSeconds), TimeProvider.System);
        CheckIsOneFunction();
        var engine = CreateEngine(deadline.Token);
        try
        {
            var driver = engine.Evaluate(Driver, "host.js");
            var tool = engine.Evaluate($"({job.Code}\n)", SourceName);
            _ = engine.Call(
                driver,
                tool,
                JsString.Create(job.Input),
                new HostObject(engine, files, outbox).Create(),
                new ClrFunction(engine, "returned", Returned, 2),
                new ClrFunction(engine, "thrown", (_, arguments) => Thrown(arguments[0], default), 1));
            engine.Advanced.ProcessTasks();
            return _end ?? Failed("the promise that the tool's code returned never settles: there are no timers and nothing else to wait for; await only what the code itself resolves");
        }
        catch (JavaScriptException fault)
        {
            Thrown(fault.Error, fault.Location);
            return _end!;
        }
    }

    private static WorkerMessage.Failed Failed(string reason) => new(
        Surrogates.Replace(reason.Length <= ScriptLimits.ReasonLength ? reason : reason[..ScriptLimits.ReasonLength] + "…"));

    private void CheckIsOneFunction()
    {
        var node = new Parser().ParseExpression(job.Code, SourceName, strict: true);
        if (node is not (ArrowFunctionExpression or FunctionExpression { Generator: false }))
        {
            throw new WrongShapeException($"the tool's code must be one function expression, (input, host) => output, sync or async; it is a {node.Type}");
        }
    }

    private Engine CreateEngine(CancellationToken deadline)
    {
        return new Engine(options =>
        {
            _ = options.Strict()
                .DisableStringCompilation()
                .LimitMemory(job.Limits.MemoryMib * 1024L * 1024)
                .TimeoutInterval(TimeSpan.FromSeconds(job.Limits.CallSeconds))
                .MaxStatements(job.Limits.Statements)
                .LimitRecursion(ScriptLimits.Recursion)
                .CancellationToken(deadline);
            options.Constraints.MaxArraySize = ScriptLimits.ArraySize;
            options.Constraints.RegexTimeout = ScriptLimits.Regex;
            options.Constraints.StackOverflowGuard = true;
            options.Json.MaxParseDepth = ScriptLimits.JsonDepth;
            options.AgentCanSuspend = false;
            // The same answer wherever it runs: a container from scratch has neither zones nor cultures.
            options.TimeZone = TimeZoneInfo.Utc;
            options.Culture = CultureInfo.InvariantCulture;
        });
    }

    private JsValue Returned(JsValue self, JsValue[] arguments)
    {
        _end = Output(arguments[0].AsString(), arguments[1]);
        return JsValue.Undefined;
    }

    private WorkerMessage Output(string type, JsValue json)
    {
        if (!json.IsString())
        {
            return Failed($"the tool's code returned {(type == "undefined" ? "nothing (undefined)" : $"a {type}")}; it must return a JSON value, null if there is nothing to say");
        }

        var text = json.AsString();
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > job.Limits.OutputBytes)
        {
            return Failed($"the output is {bytes} bytes of JSON; {job.Limits.OutputBytes} are allowed: return less, or attach it with host.attach");
        }

        return Surrogates.EscapedIn(text)
            ? Failed("the output holds half of a surrogate pair in a string; cut strings between characters, not inside one")
            : new WorkerMessage.Returned(text);
    }

    private JsValue Thrown(JsValue error, SourceLocation location)
    {
        var place = location.SourceFile == SourceName
            ? ScriptPlace.Of(location.Start.Line, location.Start.Column + 1)
            : ScriptPlace.FromStack(error);
        _end = Failed($"the tool's code threw{place}: {ThrownText.Of(error)}");
        return JsValue.Undefined;
    }

    /// <summary>The limit that an exception means; null if it is a fault of the engine's.</summary>
    private string? Limit(Exception fault) => fault switch
    {
        WrongShapeException => fault.Message,
        System.Text.RegularExpressions.RegexMatchTimeoutException => $"a regular expression ran longer than {ScriptLimits.Regex.TotalMilliseconds} ms: avoid nested repetitions",
        TimeoutException or ExecutionCanceledException => $"the tool's code ran for {job.Limits.CallSeconds} s, its limit, and was stopped: do less work in a call",
        StatementsCountOverflowException => $"the tool's code ran more than {job.Limits.Statements} statements, its limit: do less work in a call",
        RecursionDepthOverflowException => $"the tool's code calls itself more than {ScriptLimits.Recursion} levels deep: use a loop",
        InsufficientExecutionStackException => "the tool's code used up its stack: use a loop instead of recursion",
        MemoryLimitExceededException or OutOfMemoryException => $"the tool's code used more than {job.Limits.MemoryMib} MiB of memory, its limit: keep less, or make fewer temporary strings and arrays",
        InvalidOperationException when job.Code.Contains("import", StringComparison.Ordinal) => "the tool's code cannot import modules: there are none here",
        _ => null,
    };

    private sealed class WrongShapeException(string message) : Exception(message);
}
