using System.Diagnostics;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// Notices that code of the adapter has replaced a Python process by another program (<c>os.exec…</c>). The kernel closes the connections
/// of the process then, but the process goes on.
/// </summary>
internal static class ReplacedProcess
{
    private const int LongestShown = 100; // characters of the command line

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(160);

    /// <summary>
    /// Watches a process that has closed its control channel. Returns why it must be killed, if it runs another program; null if it has
    /// ended, or still runs its own program after <paramref name="patience"/>.
    /// </summary>
    /// <param name="process">Returns the process id.</param>
    /// <param name="exited">Completes when the process has ended.</param>
    /// <param name="launch">How the process was started.</param>
    /// <param name="patience">How long the process is watched.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public static async Task<string?> WatchAsync(
        Func<int> process, Task exited, PythonLaunch launch, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; !await exited.EndsWithinAsync(pause).ConfigureAwait(false); pause = Longer(pause))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ProcessFacts.CommandOf(process()) is [_, ..] command && !command.Any(IsOwn))
            {
                var program = string.Join(' ', command);
                var shown = program.Length <= LongestShown ? program : $"{program[..LongestShown]}…";
                return $"sent by this pool, because code of the adapter had replaced the process by another program ('{shown}') with "
                    + "os.exec… or the like; start programs with subprocess, and set environment variables in "
                    + $"{nameof(SnakepitOptions)}.{nameof(SnakepitOptions.EnvironmentVariables)}";
            }

            if (patience != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(began) >= patience)
            {
                return null;
            }
        }

        return null;

        // The package itself, started anew, ends at once and says why.
        bool IsOwn(string argument) =>
            argument == launch.AdapterSetting || argument.EndsWith("/snakepit_worker/__main__.py", StringComparison.Ordinal);
    }

    private static TimeSpan Longer(TimeSpan pause) => pause < LongestPause ? 2 * pause : pause;
}
