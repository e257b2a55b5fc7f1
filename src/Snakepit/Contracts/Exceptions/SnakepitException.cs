namespace Snakepit;

/// <summary>The base of everything that a pool throws, except cancellation and use after disposal.</summary>
public abstract class SnakepitException : Exception
{
    private protected SnakepitException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>True if the same call may well succeed when it is made again, without any change.</summary>
    public virtual bool IsTransient => false;
}
