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

    private readonly IReadOnlyList<SuiteLock> _locks;

    private QuietMachine(IReadOnlyList<SuiteLock> locks) => _locks = locks;

    /// <summary>Waits until no functional test and no other performance suite runs, and keeps them from starting until disposed.</summary>
    /// <param name="artifacts">The folder of the clone for what measurements write.</param>
    /// <param name="progress">Called with a line of text if something else runs.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<QuietMachine> TakeAsync(string artifacts, Action<string> progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(artifacts);
        // The lock of the functional tests comes first. In the other order, a suite that waits for the functional tests would hold the lock
        // for which a program that they have started waits.
        var isWithinTests = Environment.GetEnvironmentVariable(WithinFunctionalTests) is { Length: > 0 };
        // Programs in containers do not see each other's locks in /tmp, and may share the clone, and so the copies of the builds in it.
        var clone = Path.Combine(artifacts, "measuring.lock");
        var locks = new List<SuiteLock>();
        try
        {
            string[] paths = [SuiteLock.MachineWide, clone];
            foreach (var path in isWithinTests ? paths : paths.Prepend(SuiteLock.FunctionalTests))
            {
                locks.Add(await SuiteLock.TakeAsync(path, progress, cancellationToken));
            }

            return new QuietMachine(locks);
        }
        catch
        {
            Release(locks);
            throw;
        }
    }

    public void Dispose() => Release(_locks);

    private static void Release(IEnumerable<SuiteLock> locks)
    {
        foreach (var one in locks.Reverse())
        {
            one.Dispose();
        }
    }
}
