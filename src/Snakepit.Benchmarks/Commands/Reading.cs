using Snakepit.Measurement.Runs;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Verbs that read files: a damaged one is told in one line.</summary>
internal static class Reading
{
    public static int Run(Action action) => Run(() =>
    {
        action();
        return ExitCode.Pass;
    });

    public static int Run(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (UnreadableFileException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return ExitCode.NotComparable;
        }
    }
}
