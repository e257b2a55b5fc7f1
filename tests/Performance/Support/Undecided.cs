namespace Snakepit.Tests.Performance.Support;

/// <summary>What could not be decided: a skip on a developer's machine, a failure under <c>CI=true</c>; never silently green.</summary>
internal static class Undecided
{
    /// <summary>Ends the test.</summary>
    public static void Because(string reason)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Fail(reason);
    }

    /// <summary>Measures; without Python nothing can be decided.</summary>
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
