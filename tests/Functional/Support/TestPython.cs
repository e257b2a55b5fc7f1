using Snakepit.Processes;

namespace Snakepit.Tests.Functional.Support;

/// <summary>The Python interpreter that tests use.</summary>
internal static class TestPython
{
    /// <summary>The path of the interpreter that a pool with default options would find.</summary>
    /// <param name="transport">The transport whose packages it must have.</param>
    /// <exception cref="PythonNotFoundException">There is none.</exception>
    public static Task<string> PathAsync(WorkerTransport transport) =>
        PythonLocator.LocateAsync(configured: null, Transports.Of(transport).Requirements, CancellationToken.None);
}
