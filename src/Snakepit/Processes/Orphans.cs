using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Snakepit.Processes;

/// <summary>
/// Processes that outlive the Python process they come from although nobody looks after them any more: they have left its group, as
/// <c>start_new_session</c> makes them, and it had no template to collect them, or the template itself was killed. The environment that they
/// were started with says whose they are.
/// </summary>
internal static class Orphans
{
    /// <summary>The variable that a Python process, and all that it starts, gets a mark in.</summary>
    public const string Variable = "SNAKEPIT_PROCESS";

    // A process that cannot be killed at once waits for a disk or a device; nobody else waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>A mark that no other process has.</summary>
    public static string NewMark() => Guid.NewGuid().ToString("N");

    /// <summary>Kills every process with that mark, and those that they start meanwhile.</summary>
    public static async Task KillAsync(string mark)
    {
        var wanted = Encoding.ASCII.GetBytes($"{Variable}={mark}");
        for (var began = Stopwatch.GetTimestamp(); KillOnce(wanted) && Stopwatch.GetElapsedTime(began) < Patience;)
        {
            await Task.Delay(Pause);
        }
    }

    private static bool KillOnce(byte[] wanted)
    {
        var found = false;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && EnvironmentOf(process).AsSpan().IndexOf(wanted) >= 0)
            {
                Signals.Send(process, Signals.Kill);
                found = true;
            }
        }

        return found;
    }

    /// <summary>What a process was started with; nothing if it has ended or is somebody else's.</summary>
    private static byte[] EnvironmentOf(int process)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{process}/environ");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
