using Snakepit.Payloads;
using Snakepit.Protocol.V1;

namespace Snakepit.Protocol;

/// <summary>Converts the failure frames of workers into the exceptions that callers get.</summary>
internal static class FailureMapping
{
    public static Exception ToException(this Failure failure, string tool) => failure.Kind switch
    {
        Failure.Types.Kind.Raised when failure.Error is not null => new PythonException(
            tool,
            failure.Error.Type,
            failure.Error.Message,
            failure.Error.Traceback,
            PayloadCodec.Parse(failure.Error.Attributes.Memory)),
        Failure.Types.Kind.UnknownTool => new UnknownToolException(failure.Message),
        Failure.Types.Kind.InvalidArguments => new ToolArgumentException(failure.Message),
        Failure.Types.Kind.ResultNotEncodable => new ResultEncodingException(failure.Message),
        Failure.Types.Kind.ResultTooLarge => new PayloadTooLargeException(Capitalised(failure.Message)),
        Failure.Types.Kind.WrongCallStyle => new CallStyleException(failure.Message),
        // No caller sees this exception, because a call is cancelled only after its caller has stopped waiting.
        Failure.Types.Kind.Cancelled => new OperationCanceledException(failure.Message),
        _ => new InvalidDataException($"The worker sent a failure of the unknown kind {failure.Kind}: {failure.Message}"),
    };

    private static string Capitalised(string message) => string.Concat(char.ToUpperInvariant(message[0]).ToString(), message.AsSpan(1));
}
