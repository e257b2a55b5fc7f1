namespace Snakepit.Protocol;

/// <summary>A queued caller that gets the worker on which another call has just finished.</summary>
internal interface INextCaller
{
    /// <summary>Sends the caller's call. Runs no code of the application.</summary>
    /// <param name="inline">True to send the call on this thread, false to send it on the thread pool.</param>
    void Start(bool inline);
}
