using System.Runtime.InteropServices;

namespace Snakepit.Processes;

/// <summary>The signals that a pool sends.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>A process of ours prints its Python stack and ends.</summary>
    public const int ShowStackAndEnd = 12;

    /// <summary>Signals every process of the group that <paramref name="leader"/> made; an empty group is no error.</summary>
    public static void SendToGroup(int leader, int number)
    {
        if (leader > 1)
        {
            _ = SysKill(-leader, number);
        }
    }

    /// <summary>Signals one process; one that has ended is no error.</summary>
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
