using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests pools of a program whose working directory or Python interpreter is deleted.</summary>
[Collection(Alone.Name)] // the tests change the working directory of the whole process
public sealed class DeletedFiles
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork, true)]
    [InlineData(WorkerStart.Fork, false)]
    [InlineData(WorkerStart.Spawn, true)]
    [InlineData(WorkerStart.Spawn, false)]
    public async Task A_program_whose_working_directory_was_deleted_can_start_pools_and_replace_workers(
        WorkerStart start, bool beforeTheStart)
    {
        using var files = new Marker();
        using var log = new RecordedLog();
        var before = Environment.CurrentDirectory;
        var directory = Directory.CreateDirectory(files.At("deleted")).FullName;
        Environment.CurrentDirectory = directory;
        try
        {
            if (beforeTheStart)
            {
                Directory.Delete(directory);
            }

            await using var pool = await SnakepitPool.StartAsync(
                Probe.Showcase with { Workers = 1, WorkerStart = start, LoggerFactory = log }).InTime();
            if (!beforeTheStart)
            {
                Directory.Delete(directory);
            }

            OsProcess.Kill(start == WorkerStart.Fork ? pool.TemplateId() : pool.ProcessIds()[0]);
            await Eventually.True(() => pool.GetStatistics().Restarts == 1, "the worker was lost");
            await pool.WaitForIdleWorkers(1);
            await pool.ExecuteAsync("echo", new { value = 1 }).InTime();
            await log.WaitForLineAsync("The working directory of this program was deleted");
            var now = File.ResolveLinkTarget($"/proc/{pool.ProcessIds()[0]}/cwd", returnFinalTarget: false)!.FullName;
            Assert.Equal(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), now);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task Callers_get_the_path_of_an_interpreter_that_was_deleted_while_the_pool_ran(WorkerStart start)
    {
        using var files = new Marker();
        var interpreter = files.At("python3");
        File.WriteAllText(interpreter, $"#!/bin/sh\nexec '{await TestPython.PathAsync(WorkerTransport.Grpc)}' \"$@\"\n");
        File.SetUnixFileMode(interpreter, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var pool = await SnakepitPool.StartAsync(
            Probe.Options with { Workers = 1, WorkerStart = start, PythonPath = interpreter }).InTime();
        File.Delete(interpreter);
        OsProcess.Kill(start == WorkerStart.Fork ? pool.TemplateId() : pool.ProcessIds()[0]);
        await Eventually.True(() => pool.GetStatistics().Health == PoolHealth.Unavailable, "the pool has no worker and cannot start one");
        var refused = await Assert.ThrowsAnyAsync<SnakepitException>(() => pool.ExecuteAsync("pid").InTime());
        var cause = Assert.IsType<PythonNotFoundException>(refused.InnerException);
        Assert.Contains(interpreter, cause.Message, StringComparison.Ordinal);
    }
}
