using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Snakepit.Diagnostics;

namespace Snakepit.Processes;

/// <summary>
/// Ends processes that outlive the Python process they come from although they left its group, as <c>start_new_session</c> makes them: those of a
/// spawned worker, and those of a template that was killed, which cannot end them itself any more. The environment that they were started with
/// says whose they are. Nobody waits for this but the end of a pool.
/// </summary>
internal sealed class Orphans(ILogger logger) : IAsyncDisposable
{
    /// <summary>The variable that a Python process, and all that it starts, gets a mark in.</summary>
    public const string Variable = "SNAKEPIT_PROCESS";

    // A process may be starting another one at the moment at which it ends: who is not found once is looked for once more.
    private const int CleanScans = 2;

    // What cannot be killed at once waits for a disk or a device, or belongs to somebody else.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<Prey> _wanted = [];
    private Task _hunt = Task.CompletedTask;

    /// <summary>A mark that no other process has.</summary>
    public static string NewMark() => Guid.NewGuid().ToString("N");

    /// <summary>Kills every process with that mark, and those that they start meanwhile.</summary>
    public void Hunt(string mark)
    {
        lock (_gate)
        {
            var isHunting = _wanted.Count > 0;
            _wanted.Add(new Prey(mark));
            _hunt = isHunting ? _hunt : Task.Run(HuntAsync);
        }
    }

    /// <summary>Waits until all are killed, or cannot be.</summary>
    public async ValueTask DisposeAsync()
    {
        Task hunt;
        lock (_gate)
        {
            hunt = _hunt;
        }

        await Task.WhenAny(hunt, Task.Delay(2 * Patience)); // the kernel itself may keep who reads of a process
    }

    /// <summary>One look at all processes serves all marks.</summary>
    private async Task HuntAsync()
    {
        while (true)
        {
            Prey[] wanted;
            lock (_gate)
            {
                _wanted.RemoveAll(prey => prey.Clean >= CleanScans);
                foreach (var prey in _wanted.Where(prey => Stopwatch.GetElapsedTime(prey.Since) > Patience))
                {
                    logger.OrphansRemain(prey.Seen, Patience);
                }

                _wanted.RemoveAll(prey => Stopwatch.GetElapsedTime(prey.Since) > Patience);
                if (_wanted.Count == 0)
                {
                    return; // whoever comes next finds nobody hunting
                }

                wanted = [.. _wanted];
            }

            Scan(wanted);
            await Task.Delay(Pause);
        }
    }

    private static void Scan(Prey[] wanted)
    {
        foreach (var prey in wanted)
        {
            prey.Clean++;
        }

        foreach (var process in ProcessFacts.All())
        {
            var environment = ProcessFacts.Environment(process).AsSpan();
            foreach (var prey in wanted)
            {
                if (environment.IndexOf(prey.Pattern) >= 0)
                {
                    Signals.Send(process, Signals.Kill);
                    (prey.Clean, prey.Seen) = (0, process);
                }
            }
        }
    }

    private sealed class Prey(string mark)
    {
        public byte[] Pattern { get; } = Encoding.ASCII.GetBytes($"{Variable}={mark}");

        public long Since { get; } = Stopwatch.GetTimestamp();

        public int Clean { get; set; }

        public int Seen { get; set; }
    }
}
