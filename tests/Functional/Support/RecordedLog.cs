using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Snakepit.Tests.Functional.Support;

/// <summary>A logger factory that records every line that the pool logs.</summary>
internal sealed class RecordedLog : ILoggerFactory
{
    private readonly FakeLogCollector _collector = new();

    public IReadOnlyList<FakeLogRecord> Records => _collector.GetSnapshot();

    public ILogger CreateLogger(string categoryName) => new FakeLogger(_collector, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    /// <summary>
    /// Waits for a line that contains <paramref name="text"/>. Waiting is necessary because the output of a worker arrives independently of
    /// the results of its calls.
    /// </summary>
    public async Task<FakeLogRecord> WaitForLineAsync(string text)
    {
        await Eventually.True(() => Find(text) is not null, $"the log has a line with '{text}'");
        return Find(text)!;
    }

    private FakeLogRecord? Find(string text) => Records.FirstOrDefault(record => record.Message.Contains(text, StringComparison.Ordinal));
}
