namespace Snakepit;

/// <summary>How worker processes are started.</summary>
public enum WorkerStart
{
    /// <summary>
    /// A template process imports and prepares the adapter once, and then forks each worker in milliseconds. The workers share its memory.
    /// If threads are still running after the adapter's <c>prepare()</c>, forking is not safe; the pool then uses <see cref="Spawn"/> and
    /// logs a warning.
    /// <para>
    /// Programs that a tool has started are killed when its worker ends, if they are in the worker's process group or have inherited its
    /// environment. Others are killed when the template ends.
    /// </para>
    /// The default.
    /// </summary>
    Fork,

    /// <summary>
    /// Each worker runs in a fresh interpreter and imports and prepares the adapter itself. All workers are started at the same time.
    /// <para>
    /// Programs that a tool has started are killed when its worker ends, if they are in the worker's process group or have inherited its
    /// environment.
    /// </para>
    /// </summary>
    Spawn,
}
