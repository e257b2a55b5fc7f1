using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Snakepit.Telemetry;

/// <summary>
/// Finds out which lines of a Python process its logging has written, at which level, and in which trace. Such a line begins with the level
/// and the name of the logger, and a traceback may follow. Any other line is what Python code has printed.
/// </summary>
internal sealed partial class PythonLines
{
    private const string Traceback = "Traceback (most recent call last):";

    private static readonly string[] BetweenTracebacks =
        ["During handling of the above exception", "The above exception was the direct cause"];

    private Place _place;
    private PythonLine _record;

    private enum Place
    {
        Elsewhere,
        AfterRecord,
        InTraceback,
        AfterException,
    }

    /// <summary>Returns what is known of the next line of the process.</summary>
    public PythonLine Next(string line)
    {
        if (Record().Match(line) is { Success: true } match)
        {
            _place = Place.AfterRecord;
            return _record = new PythonLine(
                LevelOf(match.Groups["level"].ValueSpan),
                match.Groups["trace"].Success ? line.Remove(match.Groups["in"].Index, match.Groups["in"].Length) : line,
                match.Groups["trace"].Success ? match.Groups["trace"].Value : null,
                match.Groups["span"].Success ? match.Groups["span"].Value : null);
        }

        _place = PlaceOf(line);
        return _place == Place.Elsewhere ? new PythonLine(LogLevel.Information, line, null, null) : _record with { Text = line };
    }

    private static LogLevel LevelOf(ReadOnlySpan<char> level) => level switch
    {
        "DEBUG" => LogLevel.Debug,
        "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "CRITICAL" => LogLevel.Critical,
        _ => LogLevel.Information,
    };

    private Place PlaceOf(string line) => _place switch
    {
        Place.AfterRecord or Place.AfterException when line.StartsWith(Traceback, StringComparison.Ordinal) => Place.InTraceback,
        Place.InTraceback => line.StartsWith(' ') ? Place.InTraceback : Place.AfterException, // the exception is not indented
        Place.AfterException when line.Length == 0 => Place.AfterException,
        Place.AfterException when BetweenTracebacks.Any(text => line.StartsWith(text, StringComparison.Ordinal)) => Place.AfterException,
        _ => Place.Elsewhere,
    };

    [GeneratedRegex(@"^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) [^\s:]+(?<in> \[(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})\])?: ")]
    private static partial Regex Record();
}

/// <summary>A line that a Python process has written.</summary>
/// <param name="Level">The level at which Python has logged it; information if Python code has printed it.</param>
/// <param name="Text">The line, without the ids of the trace.</param>
/// <param name="TraceId">The id of the trace in which it was logged, in hexadecimal digits; null if there was none.</param>
/// <param name="SpanId">The id of the span of the call.</param>
internal readonly record struct PythonLine(LogLevel Level, string Text, string? TraceId, string? SpanId)
{
    /// <summary>Begins a scope with the ids of the trace, under the names that ASP.NET uses. Returns null if there is no trace.</summary>
    public IDisposable? BeginScope(ILogger logger) => TraceId is null
        ? null
        : logger.BeginScope(new Dictionary<string, object?> { ["TraceId"] = TraceId, ["SpanId"] = SpanId });
}
