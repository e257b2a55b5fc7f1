using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// Kills orphans: processes that outlive the Python process they descend from and have left its process group, for example by
/// <c>start_new_session=True</c>. The reaper recognises orphans by a mark: the unique value of an environment variable, which they have
/// inherited from the Python process. The reaper is needed for spawned workers, and for a template that was killed and so cannot kill its
/// descendants itself. Only the disposal of a pool waits for the reaper.
/// </summary>
internal sealed class OrphanReaper(ILogger logger)
{
    /// <summary>The environment variable by whose value the descendants of a Python process are recognised.</summary>
    public const string Variable = "SNAKEPIT_PROCESS";

    // The number of scans in a row that must find no orphan. One scan is not enough, because a process that is just being started shows no
    // environment for a moment.
    private const int CleanScans = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // The time after which the reaper no longer tries to kill a process. A process that survives SIGKILL for 2 s waits for a disk or a
    // device, or belongs to another user.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<MarkedOrphans> _wanted = [];
    private Task _reaping = Task.CompletedTask;
    private bool _isReaping;

    /// <summary>Creates a mark: a unique value of <see cref="Variable"/>, for one Python process and the programs that it starts.</summary>
    public static string NewMark() => Guid.NewGuid().ToString("N");

    /// <summary>
    /// Kills in the background all processes with this value of <see cref="Variable"/>, including processes that they start meanwhile.
    /// </summary>
    public void Reap(string mark)
    {
        lock (_gate)
        {
            _wanted.Add(new MarkedOrphans(mark));
            _reaping = _isReaping ? _reaping : Task.Run(ReapAsync);
            _isReaping = true;
        }
    }

    /// <summary>Completes when all processes that should be killed are dead or cannot be killed, or when the scans take too long.</summary>
    public Task SettleAsync()
    {
        lock (_gate)
        {
            // The wait has a time limit, because reading /proc may block in the kernel.
            return _reaping.IsCompleted ? Task.CompletedTask : _reaping.EndsWithinAsync(2 * Patience);
        }
    }

    /// <summary>Scans all processes repeatedly, until the search for the orphans of every ended Python process is over.</summary>
    private async Task ReapAsync()
    {
        while (true)
        {
            MarkedOrphans[] wanted, done;
            lock (_gate)
            {
                done = [.. _wanted.Where(orphans => orphans.IsDone(Patience))];
                _wanted.RemoveAll(done.Contains);
                wanted = [.. _wanted];
                _isReaping = wanted.Length > 0; // if false, the next call of Reap starts a new task
            }

            foreach (var orphans in done.Where(orphans => orphans.CleanScans == 0))
            {
                var reason = orphans.LastSeen == 0 ? "processes could not be listed" : $"process {orphans.LastSeen} did not end";
                logger.OrphansRemain(reason, Patience);
            }

            if (wanted.Length == 0)
            {
                return;
            }

            Scan(wanted);
            await Task.Delay(Pause).ConfigureAwait(false);
        }
    }

    private static void Scan(MarkedOrphans[] wanted)
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
            return; // the scan has failed, for example because no file descriptors are left, and does not count
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i].Scanned(seen[i]);
        }
    }

    /// <summary>The results of the scans for the processes that have one value of <see cref="Variable"/>, called the mark.</summary>
    private sealed class MarkedOrphans(string mark)
    {
        private readonly long _since = Stopwatch.GetTimestamp();
        private int _scans;

        /// <summary>The bytes that a process with this mark has in its environment.</summary>
        public byte[] Pattern { get; } = Encoding.ASCII.GetBytes($"{Variable}={mark}");

        /// <summary>The number of scans in a row, up to the latest one, that have found no process with this mark.</summary>
        public int CleanScans { get; private set; }

        /// <summary>The id of the process with this mark that was found last; 0 if no scan has found one.</summary>
        public int LastSeen { get; private set; }

        /// <summary>
        /// Returns true if no process with this mark is left, or if such processes could not be killed within <paramref name="patience"/>,
        /// which is multiplied by five as long as scans fail.
        /// </summary>
        public bool IsDone(TimeSpan patience) =>
            CleanScans >= OrphanReaper.CleanScans
            || (CleanScans == 0 && Stopwatch.GetElapsedTime(_since) > (_scans > OrphanReaper.CleanScans ? patience : 5 * patience));

        /// <summary>Records the result of a scan.</summary>
        /// <param name="process">The id of a process with this mark that the scan has found; 0 if there is none.</param>
        public void Scanned(int process)
        {
            _scans++;
            CleanScans = process == 0 ? CleanScans + 1 : 0;
            LastSeen = process == 0 ? LastSeen : process;
        }
    }
}
