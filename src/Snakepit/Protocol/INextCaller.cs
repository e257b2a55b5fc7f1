namespace Snakepit.Protocol;

/// <summary>A queued caller who takes the slot that a finished call leaves on its worker.</summary>
internal interface INextCaller
{
    /// <summary>Sends the caller's call, which runs no code of the application.</summary>
    /// <param name="inline">True to do it on this thread, false to leave it to the thread pool.</param>
    void Start(bool inline);
}
