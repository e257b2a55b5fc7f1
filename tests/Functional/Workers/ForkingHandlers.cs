using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests signal handlers that fork while the worker waits, for its next call or for the host. The forked process must end when the handler
/// ends, as a Python program does, and the worker must go on.
/// </summary>
public abstract class ForkingHandlers<T>
    where T : ITestTransport
{
    [PythonTheory]
    [InlineData("return", 0, "ends with exit code 0", WorkerStart.Fork, "")]
    [InlineData("return", 0, "ends with exit code 0", WorkerStart.Spawn, "1")]
    [InlineData("sys.exit(4)", 4, "ends with exit code 4", WorkerStart.Spawn, "")]
    [InlineData("sys.exit(4)", 4, "ends with exit code 4", WorkerStart.Fork, "1")]
    [InlineData("raise", 1, "LookupError: raised in the forked process", WorkerStart.Fork, "")]
    [InlineData("raise", 1, "LookupError: raised in the forked process", WorkerStart.Fork, "1")]
    [InlineData("raise", 1, "LookupError: raised in the forked process", WorkerStart.Spawn, "1")]
    public async Task A_process_that_a_signal_handler_forks_while_the_worker_waits_ends_with_the_handler(
        string how, int exitCode, string logged, WorkerStart start, string hasAsyncTools)
    {
        foreach (var tool in (string[])["fork_while_idle", "fork_while_host_is_called"])
        {
            using var marker = new Marker();
            using var log = new RecordedLog();
            var trace = new ProcessTrace();
            var slow = HostTool.Create<JsonElement, int>(async (_, _) =>
            {
                await marker.WrittenAsync();
                return 7;
            });
            var options = Probe.Over<T>() with
            {
                Adapter = "forks_in_handlers",
                Workers = 1,
                WorkerStart = start,
                LoggerFactory = log,
                HostTools = new Dictionary<string, HostTool> { ["slow"] = slow },
                EnvironmentVariables = new Dictionary<string, string>
                {
                    ["HOW"] = how,
                    ["MARKER"] = marker.Path,
                    ["HAS_ASYNC_TOOLS"] = hasAsyncTools,
                },
            };
            var pool = await SnakepitPool.StartAsync(trace.Tag(options)).InTime();
            var worker = pool.ProcessIds()[0];
            Assert.Equal(tool == "fork_while_idle" ? null : 7, await pool.ExecuteAsync<int?>(tool).InTime());
            await marker.WrittenAsync();

            Assert.Equal(exitCode, await pool.ExecuteAsync<int>("exit_code").InTime());
            await log.WaitForLineAsync(logged);
            Assert.Equal(worker, await pool.ExecuteAsync<int>("pid").InTime());
            Assert.Equal(0, pool.GetStatistics().Restarts);
            Assert.DoesNotContain(log.Records, record => record.Message.Contains("ERROR", StringComparison.Ordinal));
            await pool.DisposeAsync().InTime();
            trace.AssertNothingIsLeft();
        }
    }
}

public sealed class ForkingHandlersOverGrpc : ForkingHandlers<OverGrpc>;

public sealed class ForkingHandlersOverDirect : ForkingHandlers<OverDirect>;
