namespace Snakepit.Measurement.Profiles;

/// <summary>The costs of the functions in one profile, per unit of work.</summary>
/// <remarks>
/// Each sample is charged to the innermost function of the product on its stack. So the cost of a runtime, a library or the kernel is the
/// cost of the function that called it, which is where a change can have made it grow.
/// </remarks>
internal sealed class FunctionCosts
{
    private readonly Dictionary<Frame, FunctionCost> _functions = [];

    private FunctionCosts()
    {
    }

    /// <summary>Stands for the functions of stacks on which there is no function of the product.</summary>
    public static Frame Elsewhere { get; } = new("(outside of the product)", "", IsOwn: false);

    public IEnumerable<Frame> Functions => _functions.Keys;

    /// <summary>Returns the costs of a function; zero if no sample has it.</summary>
    public FunctionCost Of(Frame function) => _functions.GetValueOrDefault(function) ?? FunctionCost.Zero;

    public static FunctionCosts Of(Profile profile)
    {
        var costs = new FunctionCosts();
        foreach (var sample in profile.Samples)
        {
            var cost = sample.Cost / profile.Work;
            costs.Charge(ChargedOf(sample), sample, cost);
            foreach (var function in sample.Frames.Where(frame => frame.IsOwn).Distinct())
            {
                costs.Entry(function).Inclusive += cost;
            }
        }

        return costs;
    }

    private static Frame ChargedOf(StackSample sample)
    {
        for (var i = sample.Frames.Length - 1; i >= 0; i--)
        {
            if (sample.Frames[i].IsOwn)
            {
                return sample.Frames[i];
            }
        }

        return Elsewhere;
    }

    private void Charge(Frame function, StackSample sample, double cost)
    {
        var entry = Entry(function);
        entry.Own += cost;
        entry.Variance += cost * cost;
        if (sample.Frames is [.., { IsOwn: false } leaf])
        {
            entry.Libraries[leaf.Module] = entry.Libraries.GetValueOrDefault(leaf.Module) + cost;
        }
    }

    private FunctionCost Entry(Frame function) =>
        _functions.TryGetValue(function, out var entry) ? entry : _functions[function] = new FunctionCost();
}

/// <summary>The cost of a function in one profile, per unit of work.</summary>
internal sealed class FunctionCost
{
    public static FunctionCost Zero { get; } = new();

    /// <summary>The cost that is charged to the function.</summary>
    public double Own { get; set; }

    /// <summary>
    /// The variance of <see cref="Own"/>. The number of samples is a Poisson variable, so the variance of the sum of their costs is the sum
    /// of the squares of the costs.
    /// </summary>
    public double Variance { get; set; }

    /// <summary>The cost of all samples that have the function on their stack.</summary>
    public double Inclusive { get; set; }

    /// <summary>The parts of <see cref="Own"/> that were spent in libraries, by their names.</summary>
    public Dictionary<string, double> Libraries { get; } = [];
}
