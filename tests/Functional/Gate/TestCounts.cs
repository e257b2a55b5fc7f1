using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests the script <c>eng/test_counts.py</c>, which continuous integration runs after <c>dotnet test</c>. The script must fail if no
/// test ran or if a test was skipped unexpectedly: <c>dotnet test</c> itself succeeds in both cases. It must name the failed tests at the
/// end of the log, because continuous integration may show no more than that.
/// </summary>
public sealed class TestCounts : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-counts-").FullName;

    private Action<IDictionary<string, string?>>? _environment;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [PythonTheory]
    [InlineData(0, "1 passed, 0 failed, 0 skipped", "Passed", "")]
    [InlineData(1, "0 passed, 1 failed, 0 skipped", "Failed", "it broke")]
    [InlineData(1, "unexpected skip: A_test", "NotExecuted", "inconclusive after 40 rounds")]
    [InlineData(0, "0 passed, 0 failed, 1 skipped", "NotExecuted", "machine unfit: too slow")]
    public async Task The_script_fails_after_a_failure_or_an_unexpected_skip(int code, string told, string outcome, string message)
    {
        await WriteAsync("Performance_1.trx", outcome, message);
        await CountAsync(code, told, "--expect", "Performance", "--allow-skip", "machine unfit");
    }

    [PythonTheory]
    [InlineData(900, "failed: A_test: ", "m\n0 passed")]
    [InlineData(5000, "failed: A_test: ", "m … (the rest is in the log above)\n0 passed")]
    public async Task The_script_names_each_failed_test_with_the_beginning_of_its_message(int length, string named, string end)
    {
        await WriteAsync("Performance_1.trx", "Failed", new string('m', length));
        await CountAsync(1, named + new string('m', 100), "--expect", "Performance");
        await CountAsync(1, end, "--expect", "Performance");
    }

    [PythonFact]
    public async Task The_script_fails_if_a_suite_ran_no_test()
    {
        await CountAsync(1, "no test of Performance ran", "--expect", "Performance");
        await WriteAsync("Functional_1.trx", "Passed", "");
        await CountAsync(1, "no test of Performance ran", "--expect", "Functional", "--expect", "Performance");
    }

    [PythonTheory]
    [InlineData("PYTHONIOENCODING", "ascii")]
    [InlineData("LC_ALL", "POSIX")]
    public async Task The_script_counts_where_the_terminal_lacks_a_character_of_a_message(string variable, string value)
    {
        await WriteAsync("Performance_1.trx", "NotExecuted", "machine unfit: −11.8 %");
        _environment = variables => (variables[variable], variables["PYTHONUTF8"]) = (value, "0");
        await CountAsync(0, "0 passed, 0 failed, 1 skipped", "--expect", "Performance", "--allow-skip", "machine unfit");
    }

    [PythonFact]
    public async Task The_script_fails_if_there_are_no_results()
    {
        await CountAsync(1, "no test ran whose results are in");
        await WriteAsync("Functional_1.trx", "Passed", "");
        await CountAsync(0, "1 passed, 0 failed, 0 skipped");
    }

    [PythonFact]
    public async Task The_script_fails_if_a_run_was_aborted_although_its_tests_have_passed()
    {
        await WriteAsync("Functional_1.trx", "Passed", "");
        var path = Path.Combine(_directory, "Functional_1.trx");
        const string Text = "<RunInfos><RunInfo><Text>Test host process crashed</Text></RunInfo></RunInfos>";
        const string Summary = $"<ResultSummary outcome=\"Failed\">{Text}</ResultSummary>";
        var content = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, content.Replace("</TestRun>", $"{Summary}</TestRun>", StringComparison.Ordinal));
        await CountAsync(1, "has failed although none of its tests has: Test host process crashed", "--expect", "Functional");
    }

    [PythonTheory]
    [InlineData("")]
    [InlineData("<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"><Results><UnitTes")]
    public async Task The_script_names_a_file_of_results_that_ends_too_early(string content)
    {
        await WriteAsync("Functional_1.trx", "Passed", "");
        await File.WriteAllTextAsync(Path.Combine(_directory, "Performance_1.trx"), content);
        await CountAsync(1, "Performance_1.trx is not complete", "--expect", "Functional");
        await CountAsync(1, "1 passed, 0 failed, 0 skipped", "--expect", "Performance", "--only-failures", "inconclusive");
    }

    [PythonFact]
    public async Task The_results_of_earlier_runs_are_not_counted()
    {
        await WriteAsync("Functional_1.trx", "Failed", "it broke, and was mended");
        await WriteAsync("Functional_2.trx", "Passed", "");
        await WriteAsync("Performance_1.trx", "Passed", "");
        foreach (var (file, age) in new[] { ("Functional_1.trx", 2), ("Functional_2.trx", 1), ("Performance_1.trx", 0) })
        {
            File.SetLastWriteTimeUtc(Path.Combine(_directory, file), DateTime.UnixEpoch.AddDays(100 - age));
        }

        await CountAsync(0, "2 passed, 0 failed, 0 skipped", "--expect", "Functional", "--expect", "Performance");
    }

    [PythonTheory]
    [InlineData(0, "Failed", "inconclusive after 40 rounds")]
    [InlineData(1, "Failed", "Startup has regressed")]
    [InlineData(1, "Passed", "")]
    public async Task With_only_failures_the_script_passes_if_all_failures_begin_as_asked(int code, string outcome, string message)
    {
        await WriteAsync("Performance_1.trx", outcome, message);
        await CountAsync(code, "", "--expect", "Performance", "--only-failures", "inconclusive");
    }

    private Task WriteAsync(string file, string outcome, string message) => File.WriteAllTextAsync(
        Path.Combine(_directory, file),
        $"""
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
        <UnitTestResult testName="A_test" outcome="{outcome}"><Output><ErrorInfo><Message>{message}</Message></ErrorInfo></Output>
        </UnitTestResult></Results></TestRun>
        """);

    private async Task CountAsync(int code, string told, params string[] arguments)
    {
        var python = await TestPython.PathAsync(WorkerTransport.Direct);
        var script = Path.Combine(Repository.Root, "eng", "test_counts.py");
        var result = await Subprocess.RunAsync(python, [script, _directory, .. arguments], CancellationToken.None, _environment).InTime();
        Assert.True(code == result.ExitCode, $"{result.ExitCode}: {result.Output}{result.Errors}");
        Assert.Contains(told, result.Output, StringComparison.Ordinal);
    }
}
