namespace Snakepit;

/// <summary>How worker processes come to be.</summary>
public enum WorkerStart
{
    /// <summary>
    /// A template process imports and prepares the adapter once and forks workers in milliseconds; they share its
    /// memory. If the adapter leaves threads running after <c>prepare()</c>, the pool falls back to
    /// <see cref="Spawn"/> and logs a warning. What a tool starts ends with its worker: the worker's process group, and programs outside of
    /// it that have inherited the worker's environment; what else has left the group ends with the template. The default.
    /// </summary>
    Fork,

    /// <summary>
    /// Every worker is a fresh interpreter that imports and prepares the adapter itself; all start together. What a tool starts
    /// ends with its worker: the worker's process group, and what outside of it has inherited the worker's environment.
    /// </summary>
    Spawn,
}
