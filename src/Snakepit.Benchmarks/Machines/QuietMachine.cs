namespace Snakepit.Benchmarks.Machines;

/// <summary>
/// The right to measure on this machine. Nothing of Snakepit may be measured beside anything else of Snakepit: neither beside another
/// performance suite nor beside the functional tests, which <c>dotnet test</c> without a filter starts at the same time.
/// </summary>
internal sealed class QuietMachine : IDisposable
{
    /// <summary>
    /// Set by the functional tests for the programs that they start. Such a program must not wait for the end of the tests, which wait for
    /// the program.
    /// </summary>
    public const string WithinFunctionalTests = "SNAKEPIT_WITHIN_FUNCTIONAL_TESTS";

    private readonly SuiteLock? _functionalTests;
    private readonly SuiteLock _suite;

    private QuietMachine(SuiteLock? functionalTests, SuiteLock suite) => (_functionalTests, _suite) = (functionalTests, suite);

    /// <summary>Waits until no functional test and no other performance suite runs, and keeps them from starting until disposed.</summary>
    /// <param name="progress">Called with a line of text if something else runs.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<QuietMachine> TakeAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        // The lock of the functional tests comes first. In the other order, a suite that waits for the functional tests would hold the lock
        // for which a program that they have started waits.
        var functionalTests = Environment.GetEnvironmentVariable(WithinFunctionalTests) is { Length: > 0 }
            ? null
            : await SuiteLock.TakeAsync(SuiteLock.FunctionalTests, progress, cancellationToken);
        try
        {
            return new QuietMachine(functionalTests, await SuiteLock.TakeAsync(SuiteLock.MachineWide, progress, cancellationToken));
        }
        catch
        {
            functionalTests?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _suite.Dispose();
        _functionalTests?.Dispose();
    }
}
