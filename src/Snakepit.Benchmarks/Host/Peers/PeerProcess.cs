using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>
/// The process that runs the script of a peer. The script first prints the addresses of its workers. Then it answers each line of its input
/// with one line of output, and ends when its input ends.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(5); // shorter than the time that 'bench' gives a host to end

    private readonly Process _process;
    private readonly Task<string> _errors;

    private PeerProcess(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>The addresses of the workers.</summary>
    public ImmutableArray<string> Endpoints { get; private set; }

    /// <summary>Starts a script, and waits until it prints the addresses of its workers.</summary>
    /// <exception cref="InvalidOperationException">The script has ended or does not respond.</exception>
    public static async Task<PeerProcess> StartAsync(ImmutableArray<string> command, int workers)
    {
        var requirements = Transports.Of(WorkerTransport.Direct).Requirements;
        var python = await PythonLocator.LocateAsync(configured: null, requirements, CancellationToken.None);
        var script = Path.Combine(AppContext.BaseDirectory, "peers", command[0]);
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(python, ["-B", script, .. command.Skip(1), $"{workers}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        var peer = new PeerProcess(process);
        try
        {
            peer.Endpoints = (await peer.ReadAsync()).GetProperty("endpoints").Deserialize<ImmutableArray<string>>();
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a line to the script, and returns the line with which the script answers.</summary>
    /// <exception cref="InvalidOperationException">The script has ended or does not respond.</exception>
    public async Task<JsonElement> AskAsync(object request)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request));
        await _process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Subprocess.EndInputAsync(_process, EndGrace);
        Signals.SendToGroup(_process.Id, Signals.Kill); // kills the script if it is still running, and processes that it left behind
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonElement> ReadAsync()
    {
        var script = _process.StartInfo.ArgumentList[1];
        try
        {
            var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            return line is not null
                ? JsonElement.Parse(line)
                : throw new InvalidOperationException($"{script} has ended: {await _errors.WaitAsync(Patience)}");
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException($"{script} has said nothing for {Patience.TotalSeconds} s.", exception);
        }
    }
}
