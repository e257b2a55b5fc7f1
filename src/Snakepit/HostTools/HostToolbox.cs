using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Snakepit.Payloads;
using Snakepit.Protocol.V1;
using Snakepit.Telemetry;

namespace Snakepit.HostTools;

/// <summary>The host tools of a pool.</summary>
internal sealed class HostToolbox(IReadOnlyDictionary<string, HostTool> tools, PayloadCodec codec, ILogger logger)
{
    // What an error may add to a frame: as much as Python's own failures may.
    private const int LongestMessage = 12 * 1024;

    private static readonly AsyncLocal<HostToolbox?> RunningIn = new();

    /// <summary>True for code that one of these host tools runs.</summary>
    public bool IsRunningHere => RunningIn.Value == this;

    public async Task<ByteString> RunAsync(string name, ByteString arguments, CancellationToken cancellationToken)
    {
        RunningIn.Value = this;
        if (!tools.TryGetValue(name, out var tool))
        {
            var names = tools.Count == 0 ? "none" : string.Join(", ", tools.Keys);
            throw new UnknownToolException(
                $"there is no host tool '{name}'; {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.HostTools)} has {names}");
        }

        var result = await tool.Function(codec.DecodeArguments(name, arguments, tool.ArgumentsType), cancellationToken);
        return codec.EncodeValue(name, result, tool.ResultType);
    }

    /// <summary>What Python is told. A tool that gave up in time because it was asked to is no failure worth a log line.</summary>
    public HostError ErrorOf(string name, Exception exception, bool wasGivenUp)
    {
        if (!wasGivenUp)
        {
            logger.HostToolFailed(name, exception);
        }

        var message = exception.Message;
        return new HostError { Type = exception.GetType().Name, Message = message.Length <= LongestMessage ? message : message[..LongestMessage] };
    }
}
