using System.Diagnostics;

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

/// <summary>
/// Marks a test whose adapter imports numpy. The test is skipped with a reason where Python or numpy is missing; if the environment
/// variable CI is "true", the test fails instead.
/// </summary>
public sealed class NumpyFactAttribute : SkippableFactAttribute
{
    public NumpyFactAttribute() => Skip = PythonPresence.ReasonToSkip ?? PythonPresence.NumpyIsMissing;
}

/// <inheritdoc cref="NumpyFactAttribute"/>
public sealed class NumpyTheoryAttribute : SkippableTheoryAttribute
{
    public NumpyTheoryAttribute() => Skip = PythonPresence.ReasonToSkip ?? PythonPresence.NumpyIsMissing;
}

internal static class PythonPresence
{
    /// <summary>Whether nothing may be skipped, because the environment variable CI is "true".</summary>
    public static readonly bool IsCI = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    private static readonly Lazy<string?> MissingNumpy =
        new(() => IsCI || HasNumpy() ? null : "NumPy is not installed for the Python of the tests.");

    /// <summary>
    /// The reason why tests that need Python cannot run here. It is null if they can run, or if they must run because the environment
    /// variable CI is "true".
    /// </summary>
    public static string? ReasonToSkip { get; } = IsCI ? null : Missing();

    /// <summary>The reason why tests that need numpy too cannot run here, in the same way.</summary>
    public static string? NumpyIsMissing => MissingNumpy.Value;

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

    private static bool HasNumpy()
    {
        var python = TestPython.PathAsync(WorkerTransport.Grpc).GetAwaiter().GetResult();
        using var import = Process.Start(new ProcessStartInfo(python, ["-c", "import numpy"]) { RedirectStandardError = true })!;
        import.StandardError.ReadToEnd();
        import.WaitForExit();
        return import.ExitCode == 0;
    }
}
