using System.Globalization;

namespace Snakepit.Processes;

/// <summary>Computes the environment variables that Python processes get in addition to the variables of this process.</summary>
internal static class PythonVariables
{
    private static readonly string[] ThreadLimits =
    [
        "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
    ];

    /// <summary>
    /// Returns the variables in the order in which they are set. The user's variables come last, so they override the others.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(SnakepitOptions options)
    {
        foreach (var name in ThreadLimits)
        {
            if (options.BlasThreads is { } threads)
            {
                yield return new(name, threads.ToString(CultureInfo.InvariantCulture));
            }
            else if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            {
                yield return new(name, "1");
            }
        }

        if (options.HashSeed is { } seed)
        {
            yield return new("PYTHONHASHSEED", seed.ToString(CultureInfo.InvariantCulture));
        }

        // Python treats an empty variable like a variable that is not set.
        yield return new("PYTHONUNBUFFERED", options.Unbuffered ? "1" : "");
        foreach (var variable in options.EnvironmentVariables)
        {
            yield return variable;
        }
    }
}
