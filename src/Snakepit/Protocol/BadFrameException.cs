namespace Snakepit.Protocol;

/// <summary>
/// Thrown when a worker has sent something that is not a valid frame, or a frame that the protocol forbids. The connection to the worker
/// cannot be used any more.
/// </summary>
internal sealed class BadFrameException(string message, Exception? inner = null) : Exception(message, inner);
