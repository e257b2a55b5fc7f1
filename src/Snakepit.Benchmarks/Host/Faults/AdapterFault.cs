using System.Globalization;

namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault on the worker's side, which an adapter in place of the showcase makes.</summary>
/// <param name="adapter">The adapter, in a file of the folder <c>adapters</c>.</param>
/// <param name="amount">How large the fault is.</param>
internal abstract class AdapterFault(string adapter, double amount) : InjectedFault
{
    private const string AmountVariable = "SNAKEPIT_FAULT_AMOUNT"; // each of the adapters reads it

    public override SnakepitOptions Of(SnakepitOptions options) => options with
    {
        Adapter = adapter,
        ModulePaths = [Path.Combine(AppContext.BaseDirectory, "adapters")],
        EnvironmentVariables = new Dictionary<string, string> { [AmountVariable] = amount.ToString(CultureInfo.InvariantCulture) },
    };
}
