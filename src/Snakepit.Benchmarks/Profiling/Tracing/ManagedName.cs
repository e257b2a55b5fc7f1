using System.Text.RegularExpressions;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>
/// Converts the names of compiled methods, as the runtime writes them for the program perf, to functions as they are in the source. What
/// the compiler makes of one method is one function: its state machine, its lambdas and local functions, its instances for several types,
/// and its tiers of optimisation.
/// </summary>
/// <example>
/// <c>instance void [Snakepit] Snakepit.Pooling.CallRunner+&lt;RunAsync&gt;d__7`1[System.__Canon]::MoveNext()[OptimizedTier1]</c> is
/// <c>CallRunner.RunAsync</c> in the module <c>Snakepit</c>.
/// </example>
internal static partial class ManagedName
{
    /// <summary>
    /// The module of what measures: it runs in the hosts during a slot, and is no part of the product although it is in this repository.
    /// </summary>
    public const string Meters = "Snakepit.Benchmarks.Host.Meters";

    private const string Product = "Snakepit";

    /// <summary>Returns the function with a name that the runtime has written. A name of no method is a function of the runtime.</summary>
    public static Frame Parse(string name)
    {
        var match = Method().Match(name);
        if (!match.Success)
        {
            return new Frame(name, "runtime", IsOwn: false);
        }

        var assembly = match.Groups["assembly"].Value;
        var (type, method) = (match.Groups["type"].Value, match.Groups["method"].Value);
        var parts = WithoutTypeArguments(type).Split('+');
        parts[0] = parts[0][(parts[0].LastIndexOf('.') + 1)..];

        // The compiler puts names in angle brackets: of the method in the name of its state machine, and in those of its local functions.
        var outer = parts.Append(method).Select(part => Made().Match(part)).FirstOrDefault(made => made.Success);
        var function = outer is null ? method : outer.Groups["name"].Value;
        var types = parts.TakeWhile(part => !part.StartsWith('<'));
        return new Frame(
            string.Join('.', types.Append(function)),
            type.StartsWith(Meters, StringComparison.Ordinal) ? Meters : assembly,
            assembly == Product || assembly.StartsWith($"{Product}.", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\[(?<assembly>[^\[\]]+)\] (?<type>[^:]+)::(?<method>[^(\[]+)")]
    private static partial Regex Method();

    private static string WithoutTypeArguments(string type)
    {
        string shorter;
        while ((shorter = TypeArguments().Replace(type, "")) != type) // arguments can have arguments
        {
            type = shorter;
        }

        return type;
    }

    [GeneratedRegex(@"\[[^\[\]]*\]|`\d+")]
    private static partial Regex TypeArguments();

    // <Main>$ and <<Main>$>d__0 are made for statements at the top of a program.
    [GeneratedRegex(@"^<+(?<name>[^<>]+)>")]
    private static partial Regex Made();
}
