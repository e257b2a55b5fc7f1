using System.Runtime.InteropServices;

namespace Snakepit.Processes;

/// <summary>Sends signals to processes.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;

    /// <summary>The signal SIGUSR2, which makes a template or worker print its Python stack and end.</summary>
    public const int ShowStackAndEnd = 12;

    /// <summary>Sends a signal to every process of the process group with this leader. Does nothing if the group is empty.</summary>
    public static void SendToGroup(int leader, int number)
    {
        if (leader > 1)
        {
            _ = SysKill(-leader, number);
        }
    }

    /// <summary>Sends a signal to one process. Does nothing if the process has ended.</summary>
    public static void Send(int process, int number)
    {
        if (process > 1)
        {
            _ = SysKill(process, number);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SysKill(int process, int signal);
}
