using PolyClaw.ToolServer;
using PolyClaw.ToolServer.Scripting;
using PolyClaw.ToolServer.Serving;
using PolyClaw.ToolServer.Streams;
using PolyClaw.ToolServer.Workers;

// With one processor the pool begins with one thread, and the read of stdin takes it: the first answer then waits a
// second for another.
_ = ThreadPool.SetMinThreads(4, 4);
// And no more than are needed: on a machine that stands still for a moment the pool adds threads without end, and the processes of a
// child are counted. A worker reads one stream; a server reads its own and two of each worker, at most eight at once.
_ = args is [WorkerCommand.Verb] ? ThreadPool.SetMaxThreads(6, 4) : ThreadPool.SetMaxThreads(24, 4);
var streams = StandardStreams.Open();
switch (args)
{
    case []:
        return await ServerProgram.RunAsync(streams, definitionFile: null, CancellationToken.None);
    case ["--definition", var file]:
        return await ServerProgram.RunAsync(streams, file, CancellationToken.None);
    case [WorkerCommand.Verb]:
        return await WorkerProgram.RunAsync(streams.Input, streams.Output, CancellationToken.None);
    case ["--version"]:
        StandardStreams.WriteLine(streams.Output, $"polyclaw-toolserver {BuildId.Version}");
        return ExitCodes.Done;
    default:
        streams.Complain("usage: polyclaw-toolserver [--definition FILE | --version]; without a file, the definition is the first line of stdin");
        return ExitCodes.Usage;
}
