namespace Snakepit.Protocol;

/// <summary>A worker has sent what is no frame, or a frame that it must not send: it is not to be listened to any longer.</summary>
internal sealed class BadFrameException(string message, Exception? inner = null) : Exception(message, inner);
