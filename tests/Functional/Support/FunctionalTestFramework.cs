using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Snakepit.Benchmarks.Machines;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Snakepit.Tests.Functional.Support.FunctionalTestFramework", "Snakepit.Tests.Functional")]

namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// Runs the tests of this assembly while no performance suite measures on this machine, because each would disturb the other. Several runs
/// of functional tests may overlap.
/// </summary>
public sealed class FunctionalTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    // Is held until the process ends, and taken as early as possible: 'dotnet test' starts both suites at the same moment, and the
    // performance suite, which waits a little, shall find the lock taken.
    private static Task<SuiteLock> _running = null!;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "No other code of a test assembly runs before its tests are looked for.")]
    internal static void Begin()
    {
        OsProcess.HeedSignals();
        Environment.SetEnvironmentVariable(QuietMachine.WithinFunctionalTests, "true");
        _running = SuiteLock.TakeAsync(SuiteLock.FunctionalTests, Console.Error.WriteLine, CancellationToken.None, isShared: true);
    }

    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName name, ISourceInformationProvider sources, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(name, sources, diagnostics)
    {
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            await _running;
            base.RunTestCases(testCases, executionMessageSink, executionOptions);
        }
    }
}
