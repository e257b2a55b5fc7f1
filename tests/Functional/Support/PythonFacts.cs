using Snakepit.Processes;

namespace Snakepit.Tests.Functional.Support;

/// <summary>A test that needs Python. It is skipped with a reason where Python is missing; under CI=true it fails instead.</summary>
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
    /// <summary>Why tests that need Python cannot run here; null if they can, or if they must because CI=true.</summary>
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
            // The constructor of an attribute cannot be asynchronous, so this blocks. It runs once per test run, and starts a Python
            // process only where no .venv is found.
            PythonLocator.LocateAsync(configured: null, Transports.Of(WorkerTransport.Grpc).Requirements, CancellationToken.None).GetAwaiter().GetResult();
            return null;
        }
        catch (PythonNotFoundException exception)
        {
            return exception.Message;
        }
    }
}
