using Microsoft.Extensions.Logging.Testing;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests that objects that do not survive a fork, or that all workers would share, are named in a warning at the start.</summary>
public sealed class ForkedObjects
{
    private const string Warning = "before its workers were forked";

    [PythonFact]
    public async Task What_does_not_survive_a_fork_is_named_in_one_warning_which_says_where_to_make_it()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        await using var pool = await StartAsync(marker, log, WorkerStart.Fork);
        var warning = (await log.WaitForLineAsync(Warning)).Message;

        string[] named =
        [
            "the event loop makes_too_early.LOOP", "the event loop makes_too_early.RUNS.loop",
            "the event loop that asyncio.set_event_loop was given",
            "the socket makes_too_early.CONNECTIONS['open'][0]",
            "the database connection makes_too_early.DATABASE", "the file makes_too_early.SOURCE", "makes_too_early.LOCK,",
            "the socket Early._slotted.held", "the child process Early._child",
        ];
        Assert.All(named, name => Assert.Contains(name, warning, StringComparison.Ordinal));
        string[] harmless = ["CLOSED", "IN_MEMORY", "FREE_LOCK", "_written", "of type"];
        Assert.All(harmless, name => Assert.DoesNotContain(name, warning, StringComparison.Ordinal));
        Assert.Contains("Make it in start()", warning, StringComparison.Ordinal);
        Assert.StartsWith("Template: WARNING ", warning, StringComparison.Ordinal);
        Assert.Single(log.Records, IsWarning);
    }

    [PythonFact]
    public async Task Locks_of_every_kind_that_are_held_and_selectors_are_named()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        await using var pool = await StartAsync(marker, log, WorkerStart.Fork, "locks_too_early");
        var warning = (await log.WaitForLineAsync(Warning)).Message;

        string[] held =
            ["lock, which is held: ", "RECURSIVE", "IN_PYTHON", "CONDITION._lock", "BETWEEN_PROCESSES", "is not free: ", "SEMAPHORE"];
        Assert.All(held, name => Assert.Contains(name, warning, StringComparison.Ordinal));
        Assert.Contains("the selector locks_too_early.SELECTOR", warning, StringComparison.Ordinal);
        Assert.Contains("the selector locks_too_early.POLLS['one']", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("FREE", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("of type", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(" more", warning, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Event_loops_in_parameters_caches_threads_and_contexts_are_named()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        await using var pool = await StartAsync(marker, log, WorkerStart.Fork, "hides_loops");
        var warning = (await log.WaitForLineAsync(Warning)).Message;

        string[] named =
            ["hides_loops.fetch(loop)", "hides_loops.fetch(other)", "hides_loops.cached()", "hides_loops.ON_THREAD.loop", "in_context"];
        Assert.All(named, name => Assert.Contains(name, warning, StringComparison.Ordinal));
        Assert.DoesNotContain("of type", warning, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task What_the_adapter_has_written_to_a_file_before_the_fork_is_written_once()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        await using var pool = await StartAsync(marker, log, WorkerStart.Fork);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => pool.ExecuteAsync("close_file"))).InTime();
        Assert.Equal("written once\n", await File.ReadAllTextAsync(marker.Path));
    }

    [PythonFact]
    public async Task There_is_no_warning_where_nothing_is_forked_or_nothing_is_shared()
    {
        using var marker = new Marker();
        using var spawned = new RecordedLog();
        await using (await StartAsync(marker, spawned, WorkerStart.Spawn))
        {
        }

        using var usual = new RecordedLog();
        await using (await SnakepitPool.StartAsync(Probe.Options with { LoggerFactory = usual }).InTime())
        {
        }

        Assert.DoesNotContain(spawned.Records, IsWarning);
        Assert.DoesNotContain(usual.Records, record => record.Message.Contains("WARNING", StringComparison.Ordinal));
    }

    private static bool IsWarning(FakeLogRecord record) => record.Message.Contains(Warning, StringComparison.Ordinal);

    private static Task<SnakepitPool> StartAsync(
        Marker marker, RecordedLog log, WorkerStart start, string adapter = "makes_too_early")
    {
        var options = Probe.Options with
        {
            Adapter = adapter,
            Workers = 3,
            WorkerStart = start,
            LoggerFactory = log,
            EnvironmentVariables = new Dictionary<string, string> { ["MARKER"] = marker.Path },
        };
        return SnakepitPool.StartAsync(options).InTime();
    }
}
