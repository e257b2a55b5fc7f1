using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Snakepit.Processes;

/// <summary>
/// A number by which everything that comes from one template is recognised, whatever its environment, session or parent is. The template
/// makes it a limit of its resources, which all processes below it inherit (<c>process/origins.py</c>). A template kills what its workers
/// have started; this class does so if the template itself was killed.
/// </summary>
internal sealed class TemplateMark
{
    // The limit is a time of more than 70,000 years, so it limits nothing.
    private const long Lowest = 1L << 61;
    private const long Count = 1L << 60;

    // One scan is not enough, because a process that is just being started may be missing in it.
    private const int CleanScans = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // A process that survives SIGKILL for this time waits for a disk or a device, or belongs to another user.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The number, as the template expects it on its command line.</summary>
    public string Text { get; } = (Lowest + RandomNumber()).ToString(CultureInfo.InvariantCulture);

    /// <summary>Kills all processes that have this mark, and those that they start meanwhile.</summary>
    /// <returns>Null if none is left, or else the reason why some may be.</returns>
    public async Task<string?> KillAllAsync()
    {
        var since = Stopwatch.GetTimestamp();
        var cleanScans = 0;
        while (true)
        {
            var left = KillOnce();
            cleanScans = left is null ? cleanScans + 1 : 0;
            if (cleanScans == CleanScans)
            {
                return null;
            }

            if (left is not null && Stopwatch.GetElapsedTime(since) > Patience)
            {
                return left;
            }

            await Task.Delay(Pause).ConfigureAwait(false);
        }
    }

    private static long RandomNumber() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & (Count - 1);

    private string? KillOnce()
    {
        string? left = null;
        try
        {
            foreach (var process in ProcessFacts.All())
            {
                if (ProcessFacts.RealTimeLimitOf(process) != Text)
                {
                    continue;
                }

                // Process 1, the new parent of what a killed template leaves behind, may take seconds until it notices that a child has
                // ended, and in some containers it never does.
                Signals.Send(process, Signals.Kill);
                left = ProcessFacts.IsZombie(process) ? left : $"process {process} did not end";
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"processes could not be listed: {exception.Message}"; // no file descriptors are left, for example
        }

        return left;
    }
}
