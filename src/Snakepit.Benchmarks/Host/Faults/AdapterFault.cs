using System.Globalization;

namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A fault in the workers. The host starts its workers with a faulty adapter instead of the showcase, the example adapter that benchmarks
/// normally use.
/// </summary>
/// <param name="adapter">The module and class of the faulty adapter, which is a file in the folder <c>adapters</c>.</param>
/// <param name="amount">The size of the fault, in the unit of the adapter.</param>
internal abstract class AdapterFault(string adapter, double amount) : InjectedFault
{
    private const string AmountVariable = "SNAKEPIT_FAULT_AMOUNT"; // each faulty adapter reads this variable

    public override SnakepitOptions Of(SnakepitOptions options) => options with
    {
        Adapter = adapter,
        ModulePaths = [Path.Combine(AppContext.BaseDirectory, "adapters")],
        EnvironmentVariables = new Dictionary<string, string> { [AmountVariable] = amount.ToString(CultureInfo.InvariantCulture) },
    };
}
