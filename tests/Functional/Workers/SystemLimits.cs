using System.ComponentModel;
using System.Text.RegularExpressions;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests what is reported if the operating system refuses a process, and that a start works under a strict umask.</summary>
public sealed class SystemLimits
{
    // Root may read and write every file, unless it gives up these capabilities.
    private const string WithoutPrivileges = "exec setpriv --bounding-set=-dac_override,-dac_read_search \"$@\"";

    // SIGABRT: the .NET runtime ends a program that lacks a thread which the runtime itself needs. No library can prevent it.
    private const int EndedByDotnet = 128 + 6;

    // A line of a stack trace that names a method of the library. With such a line, the library would be the cause of the end.
    private static readonly Regex LibraryFrame = new(@"at Snakepit\.(?!Tests\.)", RegexOptions.Compiled);

    [Theory]
    [InlineData(7, "its environment variables and arguments are too long", "Shorten")]
    [InlineData(11, "no more processes can be started", "ulimit -u")]
    [InlineData(12, "there is no memory for another process", "Free memory")]
    [InlineData(23, "the system has no file descriptor left", "ulimit -n")]
    [InlineData(24, "this program has no file descriptor left", "ulimit -n")]
    [InlineData(26, "another program has the file open for writing", "Wait")]
    public void A_limit_that_keeps_a_process_from_starting_is_named_and_is_transient(int error, string why, string remedy)
    {
        var refused = Assert.IsType<SystemLimitException>(StartFailure.Of("/usr/bin/python3", new Win32Exception(error)));
        Assert.True(refused.IsTransient);
        Assert.Contains($"'/usr/bin/python3' cannot be started: {why}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SNAKEPIT_PYTHON", refused.Message, StringComparison.Ordinal);
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, WorkerTransport.Grpc)]
    [InlineData(WorkerStart.Fork, WorkerTransport.Direct)]
    [InlineData(WorkerStart.Spawn, WorkerTransport.Direct)]
    public async Task A_program_that_lacks_file_descriptors_is_told_so_whatever_step_of_the_start_lacks_them(
        WorkerStart start, WorkerTransport transport)
    {
        using var host = HostProcess.Start(
            start,
            "return_at_once",
            "",
            environment =>
            {
                environment[ProbeHost.TransportVariable] = transport.ToString();
                environment[ProbeHost.DescriptorsVariable] = "0,1,3,9,11,14,18,150";
            },
            shell: "ulimit -n 500; exec \"$@\"");
        var outcomes = (await host.ReadOutputAsync()).TrimEnd().Split('\n');
        Assert.Equal(8, outcomes.Length);
        Assert.All(outcomes[..^1], outcome =>
        {
            Assert.Contains($": {nameof(SystemLimitException)}: ", outcome, StringComparison.Ordinal);
            Assert.Contains("Raise the limit of open files (ulimit -n)", outcome, StringComparison.Ordinal);
        });
        Assert.Equal("150: started", outcomes[^1]);
    }

    [Fact]
    public async Task A_thread_that_cannot_be_started_is_reported_as_a_limit()
    {
        var refused = await Assert.ThrowsAsync<SystemLimitException>(() => StartFailure.NamingLimitsAsync<int>(
            "The pool", () => throw new TypeInitializationException("Engine", new InsufficientMemoryException("no thread"))));
        Assert.StartsWith("The pool cannot be started: no thread can be started", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ulimit -u", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.IsTransient);
        await Assert.ThrowsAsync<IOException>(() => StartFailure.NamingLimitsAsync<int>("The pool", () => throw new IOException("other")));
    }

    [PythonTheory]
    [InlineData("python_of_a_missing_program.sh", "it is a script, and the program in its first line, '/nowhere/python3', does not exist")]
    [InlineData("python_without_first_line.sh", "it is no program for this machine")]
    [InlineData("probe_adapter.py", "this user may not execute it")]
    public async Task A_file_that_cannot_be_executed_is_reported_with_the_reason(string file, string why)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "probes", file);
        foreach (var start in Enum.GetValues<WorkerStart>())
        {
            var failed = await Assert.ThrowsAsync<PythonNotFoundException>(
                () => SnakepitPool.StartAsync(Probe.Options with { PythonPath = path, WorkerStart = start }).InTime());
            Assert.Contains($"'{path}' cannot be started: {why}", failed.Message, StringComparison.Ordinal);
            Assert.Contains("SNAKEPIT_PYTHON", failed.Message, StringComparison.Ordinal);
        }
    }

    [PythonFact]
    public async Task A_template_that_cannot_fork_reports_the_limit_of_processes()
    {
        var trace = new ProcessTrace();
        var refused = await Assert.ThrowsAsync<SystemLimitException>(
            () => SnakepitPool.StartAsync(trace.Tag(Probe.Options with { Adapter = "cannot_fork" })).InTime());
        Assert.True(refused.IsTransient);
        Assert.Contains("Resource temporarily unavailable", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Raise the limit of processes", refused.Message, StringComparison.Ordinal);
        trace.AssertNothingIsLeft();
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_user_with_too_few_processes_is_told_so(WorkerStart start)
    {
        Skip.If(Environment.UserName != "root", "Only root can become another user, who has no other processes.");
        for (var processes = 48; ; processes -= 3)
        {
            Assert.True(processes > 12, "the start has not failed as it should");
            using var host = HostProcess.Start(
                start,
                "return_at_once",
                "",
                shell: $"exec setpriv --reuid=54321 --regid=54321 --clear-groups prlimit --nproc={processes} \"$@\"");
            var (exitCode, errors) = await host.WaitForExitAsync();
            if (exitCode == EndedByDotnet && !LibraryFrame.IsMatch(errors))
            {
                continue;
            }

            if (exitCode != 0)
            {
                Assert.Equal(ProbeHost.StartFailed, exitCode);
                Assert.StartsWith(nameof(SystemLimitException), errors, StringComparison.Ordinal);
                Assert.Contains("Raise the limit of processes", errors, StringComparison.Ordinal);
                return;
            }
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork, WorkerTransport.Grpc)]
    [InlineData(WorkerStart.Fork, WorkerTransport.Direct)]
    [InlineData(WorkerStart.Spawn, WorkerTransport.Grpc)]
    [InlineData(WorkerStart.Spawn, WorkerTransport.Direct)]
    public async Task A_temporary_directory_with_letters_that_the_locale_lacks_keeps_no_pool_from_working(
        WorkerStart start, WorkerTransport transport)
    {
        var temporary = Directory.CreateTempSubdirectory("snakepit-ünï-");
        using var host = HostProcess.Start(
            start,
            "return_at_once",
            "",
            environment =>
            {
                environment[ProbeHost.TransportVariable] = transport.ToString();
                environment["TMPDIR"] = temporary.FullName;
                environment["LC_ALL"] = "C";
                environment["PYTHONUTF8"] = environment["PYTHONCOERCECLOCALE"] = "0";
            });
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.True(exitCode == 0, errors);
        temporary.Delete(); // nothing is left in it
    }

    [PythonTheory]
    [InlineData("0177", WorkerStart.Fork, WorkerTransport.Grpc)]
    [InlineData("0177", WorkerStart.Spawn, WorkerTransport.Direct)]
    [InlineData("0777", WorkerStart.Fork, WorkerTransport.Direct)]
    [InlineData("0777", WorkerStart.Spawn, WorkerTransport.Grpc)]
    public async Task A_strict_umask_keeps_no_pool_from_working(string umask, WorkerStart start, WorkerTransport transport)
    {
        using var host = HostProcess.Start(
            start,
            "return_at_once",
            "",
            environment => environment[ProbeHost.TransportVariable] = transport.ToString(),
            shell: $"umask {umask}; {WithoutPrivileges}");
        var (exitCode, errors) = await host.WaitForExitAsync();
        Assert.True(exitCode == 0, errors);
    }
}
