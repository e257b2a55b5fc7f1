using Microsoft.Extensions.Logging;
using Snakepit.Payloads;
using Snakepit.Protocol.V1;
using Snakepit.Telemetry;

namespace Snakepit.HostTools;

/// <summary>The host tools of a pool: .NET functions that Python may call.</summary>
internal sealed class HostToolbox(IReadOnlyDictionary<string, HostTool> tools, PayloadCodec codec, ILogger logger)
{
    // The maximum length of an error message, in characters, which keeps frames small. Messages of Python exceptions have the same limit.
    private const int LongestMessage = 12 * 1024;

    private static readonly AsyncLocal<HostToolbox?> RunningIn = new();

    /// <summary>Whether the calling code runs inside one of the pool's host tools.</summary>
    public bool IsRunningHere => RunningIn.Value == this;

    /// <summary>Decodes the arguments, runs a host tool, and encodes its result.</summary>
    /// <exception cref="UnknownToolException">There is no host tool with this name.</exception>
    public async Task<Payload> RunAsync(string name, Payload arguments, CancellationToken cancellationToken)
    {
        RunningIn.Value = this;
        if (!tools.TryGetValue(name, out var tool))
        {
            arguments.Release();
            var names = tools.Count == 0 ? "none" : string.Join(", ", tools.Keys);
            throw new UnknownToolException(
                $"there is no host tool '{name}'; {nameof(SnakepitOptions)}.{nameof(SnakepitOptions.HostTools)} has {names}");
        }

        var decoded = codec.DecodeArguments(name, arguments, tool.ArgumentsType, tool.TypesOfArguments);
        var result = await tool.Function(decoded, cancellationToken).ConfigureAwait(false);
        return codec.EncodeValue(name, result, tool.ResultType, tool.TypesOfResult);
    }

    /// <summary>
    /// Creates the error that Python gets for a failed host tool, and logs the failure unless the host tool was cancelled.
    /// </summary>
    public HostError ErrorOf(string name, Exception exception, bool wasCancelled)
    {
        if (!wasCancelled)
        {
            logger.HostToolFailed(name, exception);
        }

        var message = exception.Message;
        var shortened = message.Length <= LongestMessage ? message : message[..LongestMessage];
        return new HostError { Type = exception.GetType().Name, Message = shortened };
    }
}
