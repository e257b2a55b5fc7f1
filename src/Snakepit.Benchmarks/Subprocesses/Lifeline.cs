namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>
/// Makes a program end with this process, however this process ends. A shell runs the program in a process group of its own and reads its
/// standard input meanwhile, which only this process holds open. When it closes, the shell kills the whole group.
/// </summary>
internal static class Lifeline
{
    private const string Script =
        """
        exec 3<&0
        { cat <&3; kill -s KILL 0; } >/dev/null 2>&1 &
        "$@" </dev/null 3<&-
        status=$?
        kill $!
        exit $status
        """;

    /// <summary>Returns the command that runs another command so that it ends with this process.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) Around(string program, IReadOnlyList<string> arguments) =>
        ("setsid", ["sh", "-c", Script, "sh", program, .. arguments]);
}
