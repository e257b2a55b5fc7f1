using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Gate;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;
using Snakepit.Measurement.Runs;
using Snakepit.Tests.Functional.Measurement;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests that files are checked before anything is measured, and that no file problem hides a verdict.</summary>
public sealed class LateWrites : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-late-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [PythonFact]
    public async Task An_output_that_is_a_folder_is_refused_before_anything_is_measured()
    {
        var program = Path.Combine(CandidateBuild.Directory, "Snakepit.Benchmarks.dll");
        string[] run = ["exec", program, "run", "recovery", "--out", _root];
        var result = await Subprocess.RunAsync(
            DotnetEnvironment.Muxer, run, CancellationToken.None, DotnetEnvironment.KeepForHost).InTime();
        Assert.Equal(ExitCode.Broken, result.ExitCode);
        Assert.Contains($"{_root} is a folder", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("measuring", result.Errors, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task An_output_that_would_replace_something_else_than_a_result_is_refused_before_anything_is_measured()
    {
        var file = Path.Combine(_root, "policy.json");
        await File.WriteAllTextAsync(file, "{}");
        string[] run = ["exec", Path.Combine(CandidateBuild.Directory, "Snakepit.Benchmarks.dll"), "run", "recovery", "--out", file];
        var result = await Subprocess.RunAsync(
            DotnetEnvironment.Muxer, run, CancellationToken.None, DotnetEnvironment.KeepForHost).InTime();
        Assert.Equal(ExitCode.Broken, result.ExitCode);
        Assert.StartsWith($"{file}: it is not the result of a run", result.Errors, StringComparison.Ordinal);
        Assert.Equal("{}", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public void An_earlier_result_an_empty_file_and_a_device_can_be_an_output()
    {
        var (earlier, empty) = (Path.Combine(_root, "earlier.json"), Path.Combine(_root, "empty.json"));
        RunStore.SaveAs(Synthetic.Run("20260101T000000Z", Synthetic.Session(Synthetic.Metric("time", 0))), earlier);
        File.WriteAllText(empty, "");
        Assert.All([earlier, empty, "/dev/null", Path.Combine(_root, "new.json")], RunStore.RequireWritable);
    }

    [PythonTheory]
    [InlineData(0.25, ExitCode.Regression)]
    [InlineData(0, ExitCode.Broken)]
    public async Task A_full_disk_keeps_the_exit_code_of_a_regression_and_turns_a_pass_into_a_broken_run(double worseBy, int code)
    {
        var session = Synthetic.Session(Synthetic.Metric("time", worseBy));
        var verdict = ScenarioVerdict.Of(session, Synthetic.Accepting(Synthetic.Session(Synthetic.Metric("time", 0))), Synthetic.Policy);
        var options = new GateOptions { Store = new RunStore(_root) };
        await using var gate = await PerformanceGate.OpenAsync(Workspace.Current, options, _ => { }, CancellationToken.None);
        FullDisk.Before(gate.ReportPath);
        var elsewhere = new FileInfo(Path.Combine(_root, "elsewhere", "result.json"));
        var told = await VerdictOutput.WriteAsync(Workspace.Current, gate, [verdict], elsewhere);
        Assert.Equal((code, true), (told.Code, elsewhere.Exists));
        Assert.Contains(elsewhere.FullName, told.Written);
        Assert.DoesNotContain(gate.ReportPath, told.Written); // so that nothing names a file that does not exist
    }

    [Fact]
    public void Each_file_is_written_on_its_own_and_each_problem_names_its_file()
    {
        var (files, told) = (new OutputFiles(), new List<string>());
        var (full, free) = (Path.Combine(_root, "full.json"), Path.Combine(_root, "free.json"));
        FullDisk.Before(full);
        files.Write(full, path => AtomicFile.Write(path, "text"));
        files.Write("/proc/nowhere/result.json", path => AtomicFile.Write(path, "text"));
        files.Write(free, path => AtomicFile.Write(path, "text"));
        Assert.Equal([free], files.Written);
        Assert.True(File.Exists(free));
        Assert.Equal(ExitCode.Broken, ExitCode.With(ExitCode.Pass, files, told.Add));
        Assert.Equal(ExitCode.Regression, ExitCode.With(ExitCode.Regression, files, _ => { }));
        Assert.Equal(ExitCode.MachineUnfit, ExitCode.With(ExitCode.MachineUnfit, files, _ => { }));
        Assert.Equal(ExitCode.Pass, ExitCode.With(ExitCode.Pass, new OutputFiles(), told.Add));
        Assert.StartsWith($"The results could not be written: {full}: No space", told[0], StringComparison.Ordinal);
        Assert.Contains("/proc/nowhere/result.json", told[1], StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData("latest >/dev/full", "0 1 3", "", true)]
    [InlineData("latest >&-", "0 1 3", "", true)]
    [InlineData("validate sunshine 2>/dev/full", "2", "", false)]
    public async Task A_terminal_that_cannot_be_written_to_changes_no_verdict(string command, string codes, string said, bool isPass)
    {
        var program = Path.Combine(CandidateBuild.Directory, "Snakepit.Benchmarks.dll");
        string[] run = ["-c", $"'{DotnetEnvironment.Muxer}' exec '{program}' {command}"];
        var result = await Subprocess.RunAsync("sh", run, CancellationToken.None, DotnetEnvironment.KeepForHost).InTime();
        // Nobody could read that all is well, so a pass becomes a broken run.
        Assert.Contains($"{result.ExitCode}", isPass ? $"{codes} {ExitCode.Broken}" : codes, StringComparison.Ordinal);
        Assert.Equal(said, result.Errors);
    }

    [Fact]
    public void Text_that_a_full_disk_does_not_take_is_lost_and_the_loss_is_known()
    {
        var full = new StreamWriter("/dev/full") { AutoFlush = true };
        using var writer = new UnfailingWriter(full);
        writer.WriteLine("lost");
        writer.WriteLine("lost too");
        Assert.True(writer.HasFailed);
        Assert.Throws<IOException>(full.Dispose);
        using var kept = new StringWriter();
        using var other = new UnfailingWriter(kept);
        other.Write("kept");
        Assert.Equal(("kept", false), (kept.ToString(), other.HasFailed));
    }

    [Fact]
    public void A_full_disk_is_told_with_the_name_of_the_file()
    {
        var path = Path.Combine(_root, "result.json");
        FullDisk.Before(path);
        var full = Assert.Throws<IOException>(() => AtomicFile.Write(path, "text"));
        Assert.Contains(path, full.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_summary_that_cannot_be_written_is_reported_and_nothing_else_happens()
    {
        var told = new List<string>();
        var summary = new JobSummary(Path.Combine(_root, "missing", "summary.md"), told.Add);
        summary.Check();
        summary.Append("report");
        Assert.Equal(2, told.Count);
        Assert.All(told, line => Assert.Contains(Path.Combine(_root, "missing", "summary.md"), line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_check_of_an_output_creates_its_folder_and_leaves_no_file()
    {
        var path = Path.Combine(_root, "deep", "result.json");
        AtomicFile.RequireWritable(path);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!));
        Assert.ThrowsAny<IOException>(() => AtomicFile.RequireWritable("/proc/nowhere/result.json"));
    }
}
