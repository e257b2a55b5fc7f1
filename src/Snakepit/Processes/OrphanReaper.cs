using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// Ends processes that outlive the Python process they come from although they left its group, as <c>start_new_session</c> makes them: those of a
/// spawned worker, and those of a template that was killed, which cannot end them itself any more. The environment that they were started with
/// says whose they are. Nobody waits for this but the end of a pool.
/// </summary>
internal sealed class OrphanReaper(ILogger logger)
{
    /// <summary>The variable that a Python process, and all that it starts, gets a mark in.</summary>
    public const string Variable = "SNAKEPIT_PROCESS";

    // Whoever is just being started shows no environment for a moment: one look is not enough.
    private const int CleanLooks = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // What cannot be killed waits for a disk or a device, or is somebody else's.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<Prey> _wanted = [];
    private Task _hunt = Task.CompletedTask;
    private bool _isHunting;

    /// <summary>A mark that no other process has.</summary>
    public static string NewMark() => Guid.NewGuid().ToString("N");

    /// <summary>Kills every process with that mark, and those that they start meanwhile.</summary>
    public void Hunt(string mark)
    {
        lock (_gate)
        {
            _wanted.Add(new Prey(mark));
            _hunt = _isHunting ? _hunt : Task.Run(HuntAsync);
            _isHunting = true;
        }
    }

    /// <summary>Returns when all that was to be killed until now is, or cannot be; or when that is not found out in time.</summary>
    public Task SettleAsync()
    {
        lock (_gate)
        {
            return _hunt.IsCompleted ? Task.CompletedTask : _hunt.EndsWithinAsync(2 * Patience); // the kernel itself may keep who reads of a process
        }
    }

    /// <summary>One look at all processes serves all marks.</summary>
    private async Task HuntAsync()
    {
        while (true)
        {
            Prey[] wanted, done;
            lock (_gate)
            {
                done = [.. _wanted.Where(prey => prey.IsDone(Patience))];
                _wanted.RemoveAll(done.Contains);
                wanted = [.. _wanted];
                _isHunting = wanted.Length > 0; // whoever comes next finds nobody hunting
            }

            foreach (var prey in done.Where(prey => prey.CleanLooks == 0))
            {
                logger.OrphansRemain(prey.Seen == 0 ? "nobody could look at processes" : $"process {prey.Seen} did not end", Patience);
            }

            if (wanted.Length == 0)
            {
                return;
            }

            Look(wanted);
            await Task.Delay(Pause);
        }
    }

    private static void Look(Prey[] wanted)
    {
        var seen = new int[wanted.Length];
        try
        {
            foreach (var process in ProcessFacts.All())
            {
                var environment = ProcessFacts.Environment(process).AsSpan();
                for (var i = 0; i < wanted.Length; i++)
                {
                    if (environment.IndexOf(wanted[i].Pattern) >= 0)
                    {
                        Signals.Send(process, Signals.Kill);
                        seen[i] = process;
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return; // no descriptors, for one: nobody has looked
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i].Looked(seen[i]);
        }
    }

    private sealed class Prey(string mark)
    {
        private readonly long _since = Stopwatch.GetTimestamp();
        private int _looks;

        public byte[] Pattern { get; } = Encoding.ASCII.GetBytes($"{Variable}={mark}");

        /// <summary>How many looks in a row have found nobody.</summary>
        public int CleanLooks { get; private set; }

        /// <summary>A process that was found; 0 if none ever was.</summary>
        public int Seen { get; private set; }

        public bool IsDone(TimeSpan patience) =>
            CleanLooks >= OrphanReaper.CleanLooks || (CleanLooks == 0 && Stopwatch.GetElapsedTime(_since) > (_looks > OrphanReaper.CleanLooks ? patience : 5 * patience));

        public void Looked(int seen)
        {
            _looks++;
            CleanLooks = seen == 0 ? CleanLooks + 1 : 0;
            Seen = seen == 0 ? Seen : seen;
        }
    }
}
