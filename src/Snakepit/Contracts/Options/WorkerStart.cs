namespace Snakepit;

/// <summary>The ways in which worker processes can be started.</summary>
public enum WorkerStart
{
    /// <summary>
    /// A template process imports and prepares the adapter once, and then forks each worker in milliseconds. The workers share memory with
    /// the template. If threads are still running after the adapter's <c>prepare()</c>, forking is not safe; the pool then uses
    /// <see cref="Spawn"/> and logs a warning.
    /// <para>
    /// When a worker ends, the programs that its tools have started are killed if they are in the worker's process group or have inherited
    /// its environment. Other programs that tools have started are killed when the template ends.
    /// </para>
    /// This is the default.
    /// </summary>
    Fork,

    /// <summary>
    /// Each worker runs in a fresh interpreter and imports and prepares the adapter itself. All workers are started at the same time.
    /// <para>
    /// When a worker ends, the programs that its tools have started are killed if they are in the worker's process group or have inherited
    /// its environment.
    /// </para>
    /// </summary>
    Spawn,
}
