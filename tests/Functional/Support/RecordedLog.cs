using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Snakepit.Tests.Functional.Support;

/// <summary>Keeps every line that a pool logs.</summary>
internal sealed class RecordedLog : ILoggerFactory
{
    private readonly FakeLogCollector _collector = new();

    public IReadOnlyList<FakeLogRecord> Records => _collector.GetSnapshot();

    public ILogger CreateLogger(string categoryName) => new FakeLogger(_collector, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    /// <summary>Waits for a line that contains <paramref name="text"/>: output takes its own way, beside the result's.</summary>
    public async Task<FakeLogRecord> LineAsync(string text)
    {
        await Eventually.True(() => Find(text) is not null, $"the log has a line with '{text}'");
        return Find(text)!;
    }

    private FakeLogRecord? Find(string text) => Records.FirstOrDefault(record => record.Message.Contains(text, StringComparison.Ordinal));
}
