namespace Snakepit.Protocol;

/// <summary>
/// A worker has sent something that is not a valid frame, or a frame that the protocol forbids. Its connection cannot be used any more.
/// </summary>
internal sealed class BadFrameException(string message, Exception? inner = null) : Exception(message, inner);
