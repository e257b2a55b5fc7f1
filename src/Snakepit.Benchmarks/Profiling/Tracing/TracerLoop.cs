using System.Globalization;
using System.Text.Json;
using Snakepit.Benchmarks.Protocol;

namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>
/// Serves requests to trace processes, a line each: <c>attach PID</c>, and <c>collect PID PERFMAP</c>, which ends the tracing. The tracer
/// is a process of its own, because the program that started a process waits for its end, and a tracer in the same process would take the
/// news of that end away.
/// </summary>
internal static class TracerLoop
{
    public static async Task RunAsync(TextReader input, TextWriter output)
    {
        var traced = new Dictionary<int, (TracedProcess Process, double Cpu)>();
        while (await input.ReadLineAsync() is { } line)
        {
            var reply = line.Split(' ', 3) switch
            {
                ["attach", var id] => await AttachAsync(Number(id)),
                ["collect", var id, var perfMap] => Collect(Number(id), perfMap),
                _ => new TraceReply { Error = $"'{line}' is no request to the tracer" },
            };
            await output.WriteLineAsync(JsonSerializer.Serialize(reply, HostProtocol.Format));
            await output.FlushAsync();
        }

        async Task<TraceReply> AttachAsync(int id)
        {
            var process = new TracedProcess(id);
            var error = await process.Attached;
            if (error is null)
            {
                traced[id] = (process, ProcessorClock.Microseconds(id));
            }

            return new TraceReply { Error = error };
        }

        TraceReply Collect(int id, string perfMap)
        {
            if (!traced.Remove(id, out var one))
            {
                return new TraceReply { Error = $"process {id} is not traced" };
            }

            var cpu = ProcessorClock.Microseconds(id) - one.Cpu;
            var samples = one.Process.End();
            try
            {
                var code = CodeMap.Read(File.ReadLines(perfMap), File.ReadLines($"/proc/{id}/maps"));
                var stacks = new SymbolicStacks(code, new StackWalk(code, new ProcessMemory(id)));
                TracedStack[] converted = [.. samples.Select(stacks.Convert)];
                return new TraceReply { CpuMicroseconds = cpu, Frames = stacks.Functions, Samples = [.. converted] };
            }
            catch (IOException exception)
            {
                return new TraceReply { Error = $"process {id} has ended before its samples could be read: {exception.Message}" };
            }
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
