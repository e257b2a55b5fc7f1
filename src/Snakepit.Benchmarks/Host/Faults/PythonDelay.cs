using System.Globalization;

namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>Statements of Python that take time, for faults that change the Python package. Each is one line and needs no import.</summary>
internal static class PythonDelay
{
    private const string Clock = "__import__('time').thread_time()";

    /// <summary>Returns a statement that uses CPU time.</summary>
    public static string Spin(double microseconds) =>
        $"_until = {Clock} + {Seconds(microseconds / 1e6)}; all(iter(lambda: {Clock} < _until, False))";

    /// <summary>Returns a statement that sleeps.</summary>
    public static string Sleep(double milliseconds) => $"__import__('time').sleep({Seconds(milliseconds / 1e3)})";

    /// <summary>Returns a number of seconds as Python writes it.</summary>
    public static string Seconds(double seconds) => seconds.ToString("F9", CultureInfo.InvariantCulture);
}
