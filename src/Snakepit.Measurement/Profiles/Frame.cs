namespace Snakepit.Measurement.Profiles;

/// <summary>A function on a stack.</summary>
/// <param name="Function">The name of the function, such as <c>PoolState.Request</c>.</param>
/// <param name="Module">The library or source file that the function belongs to.</param>
/// <param name="IsOwn">
/// True if the function belongs to the measured product, so that a change of its source can have changed its cost. The cost of other
/// functions, such as those of a runtime, is charged to the function of the product that called them.
/// </param>
public readonly record struct Frame(string Function, string Module, bool IsOwn)
{
    /// <summary>Returns the module and the function, such as <c>Snakepit!PoolState.Request</c>.</summary>
    public override string ToString() => $"{Module}!{Function}";
}
