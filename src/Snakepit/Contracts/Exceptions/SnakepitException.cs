namespace Snakepit;

/// <summary>
/// The base class of all exceptions that pools throw, except <see cref="OperationCanceledException"/>,
/// <see cref="ObjectDisposedException"/> and the exceptions for invalid arguments.
/// </summary>
public abstract class SnakepitException : Exception
{
    private protected SnakepitException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the same call may succeed when it is simply made again.</summary>
    public virtual bool IsTransient => false;
}
