namespace Snakepit;

/// <summary>
/// What becomes of a worker in which a cancelled call was interrupted at an arbitrary point of its code. Such an interruption may leave
/// anything half done, also in the libraries that the tool uses: a module that is half imported, a lock that is never released, a cache
/// that contradicts itself. A call that ends at a safe point (in an <c>await</c>, between two chunks, while it waits for a host tool or
/// before it has run) leaves its worker as it was; then this option has no effect.
/// </summary>
public enum AfterInterruption
{
    /// <summary>
    /// The worker gets no further call. Its successor starts at once, and the worker ends when it runs no other call. Sessions whose state
    /// it keeps lose that state (<see cref="SessionLoss.WorkerInterrupted"/>). This is the default.
    /// </summary>
    ReplaceWorker,

    /// <summary>
    /// The worker goes on taking calls, and keeps the state of its sessions. Choose this only if the tools, and the libraries that they
    /// use, can be interrupted at any point without harm: otherwise later calls may fail or hang.
    /// </summary>
    KeepWorker,
}
