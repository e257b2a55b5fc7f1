using System.Globalization;
using System.Text.RegularExpressions;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>Reads the files that <c>profiling/sitecustomize.py</c> writes.</summary>
internal static partial class PythonSamples
{
    /// <summary>Returns the samples in the lines of a file. An incomplete last line, of a worker that was killed, is left out.</summary>
    public static IEnumerable<TimedSample> Parse(IReadOnlyList<string> lines)
    {
        var (functions, stacks) = (new List<Frame>(), new List<Frame[]>());
        var spent = 0L;
        foreach (var fields in lines.Select(line => line.Split('\t')))
        {
            switch (fields)
            {
                case ["begin", var cpu, "."]:
                    spent = Number(cpu);
                    break;
                case ["function", var name, var file, "."]:
                    functions.Add(FrameOf(name, file));
                    break;
                case ["stack", var numbers, "."]:
                    stacks.Add([.. numbers.Split(' ').Select(number => functions[(int)Number(number)])]);
                    break;
                case ["sample", var time, var cpu, var stack, "."]:
                    var now = Number(cpu);
                    yield return new TimedSample(Number(time), [.. stacks[(int)Number(stack)]], (now - spent) / 1e3);
                    spent = now;
                    break;
            }
        }
    }

    /// <summary>
    /// Returns the function with a name in a file. The two sides run from different folders, so that a file is named from the folder of
    /// its side on; files outside of it are libraries.
    /// </summary>
    private static Frame FrameOf(string name, string file)
    {
        name = Part().Replace(name, "");
        foreach (var own in (string[])["/snakepit_worker/", "/adapters/"])
        {
            if (file.LastIndexOf(own, StringComparison.Ordinal) is var at and >= 0)
            {
                return new Frame(name, file[(at + 1)..], IsOwn: true);
            }
        }

        return new Frame(name, Path.GetFileName(file), IsOwn: false);
    }

    // Lambdas and comprehensions are parts of their function, as they are in .NET.
    [GeneratedRegex(@"(\.<locals>)?\.<(lambda|genexpr|listcomp|dictcomp|setcomp)>")]
    private static partial Regex Part();

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
