using Microsoft.Extensions.Logging;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Telemetry;

/// <summary>Tests that what Python logs has its level, its logger, its exception and its trace in the log of .NET.</summary>
public sealed class PythonLogs
{
    [PythonTheory]
    [InlineData(WorkerStart.Fork)]
    [InlineData(WorkerStart.Spawn)]
    public async Task A_line_of_pythons_logging_has_its_level_and_so_has_its_traceback(WorkerStart start)
    {
        using var log = new RecordedLog();
        await using var pool = await StartAsync(log, start);
        await pool.ExecuteAsync("logs").InTime();
        await log.WaitForLineAsync("  indented, but not a part of a traceback");
        Assert.Equal(
            [
                (LogLevel.Debug, "DEBUG tables.cleaning: at the level debug"),
                (LogLevel.Information, "INFO tables.cleaning: at the level info"),
                (LogLevel.Warning, "WARNING tables.cleaning: at the level warning"),
                (LogLevel.Error, "ERROR tables.cleaning: at the level error"),
                (LogLevel.Critical, "CRITICAL tables.cleaning: at the level critical"),
                (LogLevel.Error, "ERROR snakepit.tool: with a traceback"),
                (LogLevel.Error, "Traceback (most recent call last):"),
            ],
            Lines(pool, log).Take(7));
        Assert.Contains((LogLevel.Error, "ValueError: second"), Lines(pool, log));
        Assert.Equal(
            [(LogLevel.Information, "WARNING of nothing"), (LogLevel.Information, "  indented, but not a part of a traceback")],
            Lines(pool, log).TakeLast(2));
        Assert.All(log.Records, record => Assert.Empty(record.Scopes));
    }

    [PythonFact]
    public async Task A_line_that_a_traced_call_logs_is_in_a_scope_with_the_ids_of_the_trace()
    {
        using var log = new RecordedLog();
        await using var pool = await StartAsync(log, WorkerStart.Fork);
        using (var spans = new RecordedSpans())
        {
            await pool.ExecuteAsync("logs").InTime();
            await log.WaitForLineAsync("  indented, but not a part of a traceback");
            var call = spans.Single("logs");
            Assert.Equal((LogLevel.Warning, "WARNING tables.cleaning: at the level warning"), Lines(pool, log).ElementAt(2));
            foreach (var text in new[] { "at the level warning", "with a traceback", "ValueError: second" })
            {
                var record = log.Records.Single(record => record.Message.Contains(text, StringComparison.Ordinal));
                var scope = Assert.IsType<Dictionary<string, object?>>(Assert.Single(record.Scopes));
                Assert.Equal(($"{call.TraceId}", $"{call.SpanId}"), (scope["TraceId"], scope["SpanId"]));
            }
        }

        await pool.ExecuteAsync("logs").InTime();
        await Eventually.True(
            () => Lines(pool, log).Count(line => line.Text.StartsWith("  indented", StringComparison.Ordinal)) == 2,
            "the second call has logged too");
        Assert.Empty(log.Records.Last(record => record.Message.Contains("with a traceback", StringComparison.Ordinal)).Scopes);
    }

    private static Task<SnakepitPool> StartAsync(RecordedLog log, WorkerStart start) => SnakepitPool
        .StartAsync(Probe.Options with { Adapter = "traced_tools", Workers = 1, WorkerStart = start, LoggerFactory = log })
        .InTime();

    private static IEnumerable<(LogLevel Level, string Text)> Lines(SnakepitPool pool, RecordedLog log)
    {
        var prefix = $"Worker {pool.GetStatistics().Workers[0].Worker}: ";
        return log.Records.Where(record => record.Message.StartsWith(prefix, StringComparison.Ordinal))
            .Select(record => (record.Level, record.Message[prefix.Length..]));
    }
}
