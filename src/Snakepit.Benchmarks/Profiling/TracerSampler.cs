using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Snakepit.Benchmarks.Profiling.Tracing;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Subprocesses;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>
/// Samples the .NET process of a host by ptrace. A timer of the process's CPU time interrupts whichever thread is running, so the samples
/// are true CPU time, kernel included, and exact to the instruction. It needs no rights beyond those to trace a process of the same user.
/// </summary>
internal sealed class TracerSampler : ISampler
{
    // The kernel looks at the timer once in a tick, which is 1 to 10 ms. A shorter interval does no harm.
    private const int IntervalUs = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _tracer;
    private readonly SemaphoreSlim _turn = new(1);

    private TracerSampler(Process tracer) => _tracer = tracer;

    public string Description => "ptrace of the .NET process at its CPU timer";

    /// <summary>Starts the tracer, which is a process of its own.</summary>
    /// <exception cref="SamplingException">The machine has another architecture or system.</exception>
    public static TracerSampler Start()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new SamplingException("sampling by ptrace needs Linux on x86-64");
        }

        var start = new ProcessStartInfo(DotnetEnvironment.Muxer, [typeof(TracerSampler).Assembly.Location, "trace"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            return new TracerSampler(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw new SamplingException($"the tracer cannot be started: {exception.Message}");
        }
    }

    public ISampling Prepare(string directory) => new Sampling(this, directory);

    public async ValueTask DisposeAsync()
    {
        await Subprocess.EndInputAsync(_tracer, TimeSpan.FromSeconds(5));
        if (!_tracer.HasExited)
        {
            _tracer.Kill();
        }

        await _tracer.WaitForExitAsync();
        _tracer.Dispose();
        _turn.Dispose();
    }

    private async Task<TraceReply> AskAsync(string request)
    {
        await _turn.WaitAsync();
        try
        {
            await _tracer.StandardInput.WriteLineAsync(request);
            await _tracer.StandardInput.FlushAsync();
            var line = await _tracer.StandardOutput.ReadLineAsync().WaitAsync(Patience)
                ?? throw new SamplingException("the tracer has ended");
            var reply = JsonSerializer.Deserialize<TraceReply>(line, HostProtocol.Format)!;
            return reply.Error is { } error ? throw new SamplingException(error) : reply;
        }
        catch (IOException exception)
        {
            throw new SamplingException($"the tracer has ended: {exception.Message}");
        }
        catch (TimeoutException)
        {
            _tracer.Kill(); // a late reply would be taken for that of the next request; what it traces runs on
            throw new SamplingException($"the tracer has not answered '{request}' within {Patience.TotalSeconds} s");
        }
        finally
        {
            _turn.Release();
        }
    }

    private sealed class Sampling(TracerSampler tracer, string directory) : ISampling
    {
        private int _processId;

        public void SetUp(IDictionary<string, string?> environment)
        {
            environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(AppContext.BaseDirectory, "profiling", "Snakepit.StartupHook.dll");
            environment["SNAKEPIT_PROFILE_INTERVAL_US"] = IntervalUs.ToString(CultureInfo.InvariantCulture);
            environment["DOTNET_PerfMapEnabled"] = "3"; // only the map; 1 writes more, and the samples do not need it
            environment["DOTNET_PerfMapJitDumpPath"] = directory; // otherwise the map is left in the folder for temporary files
        }

        public Task BeginAsync(int processId) => tracer.AskAsync($"attach {_processId = processId}");

        public async Task<IReadOnlyList<TimedSample>> EndAsync()
        {
            var reply = await tracer.AskAsync($"collect {_processId} {Path.Combine(directory, $"perf-{_processId}.map")}");
            var cost = reply.CpuMicroseconds / Math.Max(1, reply.Samples.Length);
            return [.. reply.Samples.Select(sample => new TimedSample(sample.Time, [.. sample.Stack.Select(i => reply.Frames[i])], cost))];
        }
    }
}
