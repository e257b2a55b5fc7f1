using System.Diagnostics;
using System.Text.Json;
using Snakepit.Benchmarks.Protocol;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// Another host of this build, which this host starts in order to kill it. It has a temporary directory of its own, and a mark by which its
/// processes are found. Disposing kills it if it still runs, and deletes the directory.
/// </summary>
internal sealed class VictimHost : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("bench-victim-");
    private readonly Process _process;
    private long _lastId;
    private bool _isStarted;

    private VictimHost()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Snakepit.Benchmarks.dll");
        var start = new ProcessStartInfo(DotnetEnvironment.Muxer, ["exec", program, "host"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Mark.Put(start.Environment);
        start.Environment["TMPDIR"] = Temporary;
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // otherwise the runtime has sockets of its own in the temporary directory
        _process = new Process { StartInfo = start };
    }

    /// <summary>The process id of the host.</summary>
    public int Id => _process.Id;

    /// <summary>The mark that the host and all its processes have.</summary>
    public ProcessMark Mark { get; } = new();

    /// <summary>The temporary directory of the host and all its processes.</summary>
    public string Temporary => _temporary.FullName;

    /// <summary>Starts a host.</summary>
    public static async Task<VictimHost> StartAsync()
    {
        var victim = new VictimHost();
        try
        {
            victim._isStarted = victim._process.Start();
            await victim.ReadAsync(); // the greeting
            return victim;
        }
        catch
        {
            victim.Dispose();
            throw;
        }
    }

    /// <summary>Lets the host run a slot, and returns the reply.</summary>
    /// <exception cref="InvalidOperationException">The slot has failed, or the host has ended or does not respond.</exception>
    public async Task<TReply> RunAsync<TReply>(Slot<TReply> slot)
        where TReply : Reply, new()
    {
        await _process.StandardInput.WriteLineAsync(SlotRequest.Line(++_lastId, slot));
        await _process.StandardInput.FlushAsync();
        var reply = JsonSerializer.Deserialize<SlotReply>(await ReadAsync(), HostProtocol.Format)!;
        return reply.Error is null ? Reply.Read<TReply>(reply) : throw new InvalidOperationException($"The host to be killed: {reply.Error}");
    }

    public void Dispose()
    {
        if (_isStarted && !_process.HasExited)
        {
            Signals.Send(Id, Signals.Kill);
            _process.WaitForExit();
        }

        _process.Dispose();
        _temporary.Delete(recursive: true);
    }

    private async Task<string> ReadAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
        ?? throw new InvalidOperationException("The host to be killed has ended by itself.");
}
