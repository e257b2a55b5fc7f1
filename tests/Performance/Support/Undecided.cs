namespace Snakepit.Tests.Performance.Support;

/// <summary>
/// Tests whose outcome could not be decided. They are skipped on a developer's machine and fail under <c>CI=true</c>, where nobody would
/// notice a skip.
/// </summary>
internal static class Undecided
{
    /// <summary>Ends the test: skips it, or fails it under <c>CI=true</c>.</summary>
    public static void Because(string reason)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Fail(reason);
    }

    /// <summary>Measures, and ends the test as undecided if there is no suitable Python.</summary>
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
    }
}
