using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Snakepit.Telemetry;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// Kills processes that outlive the Python process they descend from although they have left its process group, for example by
/// <c>start_new_session=True</c>. It recognises them by a mark in the environment that they have inherited. It is needed for spawned
/// workers, and for a template that was killed and so cannot reap its descendants itself. Only the disposal of a pool waits for it.
/// </summary>
internal sealed class OrphanReaper(ILogger logger)
{
    /// <summary>The environment variable that holds the mark.</summary>
    public const string Variable = "SNAKEPIT_PROCESS";

    // A process that is just being started shows no environment for a moment. So one scan that finds nothing is not enough.
    private const int CleanScans = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // A process that survives SIGKILL for so long waits for a disk or a device, or belongs to another user.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<MarkedOrphans> _wanted = [];
    private Task _reaping = Task.CompletedTask;
    private bool _isReaping;

    /// <summary>Creates a mark that no other process has.</summary>
    public static string NewMark() => Guid.NewGuid().ToString("N");

    /// <summary>Kills, in the background, all processes with this mark, and those that they start meanwhile.</summary>
    public void Reap(string mark)
    {
        lock (_gate)
        {
            _wanted.Add(new MarkedOrphans(mark));
            _reaping = _isReaping ? _reaping : Task.Run(ReapAsync);
            _isReaping = true;
        }
    }

    /// <summary>
    /// Returns when all processes that should be killed are dead or cannot be killed, or when finding that out takes too long.
    /// </summary>
    public Task SettleAsync()
    {
        lock (_gate)
        {
            // The limit is needed because reading /proc may block in the kernel.
            return _reaping.IsCompleted ? Task.CompletedTask : _reaping.EndsWithinAsync(2 * Patience);
        }
    }

    /// <summary>Scans all processes for all marks, again and again, until no mark is left.</summary>
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
                _isReaping = wanted.Length > 0; // if this is false, the next call of Reap starts a new task
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
            await Task.Delay(Pause);
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
            return; // for example, no file descriptors are left; the scan does not count
        }

        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i].Scanned(seen[i]);
        }
    }

    /// <summary>The processes with one mark, and what the scans have found of them.</summary>
    private sealed class MarkedOrphans(string mark)
    {
        private readonly long _since = Stopwatch.GetTimestamp();
        private int _scans;

        /// <summary>The bytes that identify them in an environment.</summary>
        public byte[] Pattern { get; } = Encoding.ASCII.GetBytes($"{Variable}={mark}");

        /// <summary>How many scans in a row have found none.</summary>
        public int CleanScans { get; private set; }

        /// <summary>The process that was found last; 0 if none ever was.</summary>
        public int LastSeen { get; private set; }

        /// <summary>True if none is left, or if they cannot be killed in time. The time is longer while scans fail.</summary>
        public bool IsDone(TimeSpan patience) =>
            CleanScans >= OrphanReaper.CleanScans
            || (CleanScans == 0 && Stopwatch.GetElapsedTime(_since) > (_scans > OrphanReaper.CleanScans ? patience : 5 * patience));

        /// <summary>Records a scan.</summary>
        /// <param name="process">A process that was found; 0 for none.</param>
        public void Scanned(int process)
        {
            _scans++;
            CleanScans = process == 0 ? CleanScans + 1 : 0;
            LastSeen = process == 0 ? LastSeen : process;
        }
    }
}
