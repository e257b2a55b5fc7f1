using Snakepit.Benchmarks.Rounds;

namespace Snakepit.Tests.Performance.Support;

/// <summary>
/// Ends tests that have no verdict. Such a test is skipped on a developer's machine. It fails if <c>CI=true</c> is set, because nobody
/// would notice a skipped test there.
/// </summary>
internal static class Undecided
{
    /// <summary>Skips the running test, or fails it if <c>CI=true</c> is set.</summary>
    public static void Because(string reason)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Fail(reason);
    }

    /// <summary>
    /// Runs a measurement. If there is no suitable Python interpreter, or it lacks a module that the scenario needs, ends the test without
    /// a verdict.
    /// </summary>
    public static async Task<T> WithoutPythonAsync<T>(Func<Task<T>> measure)
    {
        try
        {
            return await measure();
        }
        catch (Exception exception) when (exception is PythonNotFoundException or PythonRuntimeException)
        {
            Because($"no Python: {exception.Message}");
            throw;
        }
        catch (ModuleMissingException exception)
        {
            Because(exception.Message);
            throw;
        }
    }
}
