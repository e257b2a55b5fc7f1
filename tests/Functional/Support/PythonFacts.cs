
namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// Marks a test that needs Python. The test is skipped with a reason where Python is missing; if the environment variable CI is "true", the
/// test fails instead.
/// </summary>
public sealed class PythonFactAttribute : SkippableFactAttribute
{
    public PythonFactAttribute() => Skip = PythonPresence.ReasonToSkip;
}

/// <inheritdoc cref="PythonFactAttribute"/>
public sealed class PythonTheoryAttribute : SkippableTheoryAttribute
{
    public PythonTheoryAttribute() => Skip = PythonPresence.ReasonToSkip;
}

internal static class PythonPresence
{
    /// <summary>
    /// The reason why tests that need Python cannot run here. It is null if they can run, or if they must run because the environment
    /// variable CI is "true".
    /// </summary>
    public static string? ReasonToSkip { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase) ? null : Missing();

    private static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Snakepit's workers need Linux.";
        }

        try
        {
            // The constructor of an attribute cannot be asynchronous, so this call blocks its thread. It is made once per test run, and
            // starts a Python process only where no .venv is found.
            TestPython.PathAsync(WorkerTransport.Grpc).GetAwaiter().GetResult();
            return null;
        }
        catch (PythonNotFoundException exception)
        {
            return exception.Message;
        }
    }
}
