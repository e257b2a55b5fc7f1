namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// Something that goes wrong in a host on purpose, so that a validation can check that the performance gate finds it. Each derived class
/// overrides the step that it makes worse. This class itself changes nothing. The pool has no code for faults: a fault of the pool itself
/// is a change of its sources.
/// </summary>
internal class InjectedFault
{
    /// <summary>The absence of a fault: nothing goes wrong.</summary>
    public static InjectedFault None { get; } = new();

    /// <summary>
    /// The changes of the product's Python package, which are made in the candidate's copy of the build before its hosts start; none for a
    /// fault of the measurement's own code.
    /// </summary>
    public virtual IReadOnlyList<SourcePatch> Patches => [];

    /// <summary>Returns the number of workers that a pool is started with when <paramref name="asked"/> workers are requested.</summary>
    public virtual int WorkersOf(int asked) => asked;

    /// <summary>Returns the options that a pool is started with, given the options for a pool without a fault.</summary>
    public virtual SnakepitOptions Of(SnakepitOptions options) => options;

    /// <summary>Sends a ping through the pool.</summary>
    public virtual Task PingAsync(SnakepitPool pool) => pool.ExecuteAsync("ping");
}
