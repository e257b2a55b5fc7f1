using Snakepit.Processes;

namespace Snakepit.Tests.Functional.Support;

/// <summary>The Python interpreter that tests use.</summary>
internal static class TestPython
{
    /// <summary>Returns the path of the interpreter that a pool with default options would find.</summary>
    /// <param name="transport">The interpreter must have the Python packages that this transport needs.</param>
    /// <exception cref="PythonNotFoundException">There is no suitable interpreter.</exception>
    public static Task<string> PathAsync(WorkerTransport transport) =>
        PythonLocator.LocateAsync(configured: null, Transports.Of(transport).Requirements, CancellationToken.None);
}
