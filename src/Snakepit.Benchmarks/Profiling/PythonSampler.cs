using System.Globalization;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling;

/// <summary>
/// Samples the main threads of the workers and of the template, in which tools and the worker's own code run. A module that Python imports
/// at its start (<c>profiling/sitecustomize.py</c>) takes the samples and writes them to files, so that those of a killed worker are kept.
/// </summary>
internal sealed class PythonSampler : ISampler
{
    public string Description => "a timer of the CPU time of the workers' main threads";

    public ISampling Prepare(string directory) => new Sampling(directory);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Sampling(string directory) : ISampling
    {
        public void SetUp(IDictionary<string, string?> environment)
        {
            var own = Path.Combine(AppContext.BaseDirectory, "profiling");
            environment["PYTHONPATH"] = environment.TryGetValue("PYTHONPATH", out var path) && path is { Length: > 0 } ? $"{own}:{path}" : own;
            environment["SNAKEPIT_PROFILE_DIRECTORY"] = directory;
        }

        public Task BeginAsync(int processId) => Task.CompletedTask; // each worker begins by itself

        public async Task<IReadOnlyList<TimedSample>> EndAsync()
        {
            var samples = new List<TimedSample>();
            foreach (var file in Directory.EnumerateFiles(directory, "*.samples"))
            {
                samples.AddRange(PythonSamples.Parse(await File.ReadAllLinesAsync(file)));
            }

            return samples;
        }
    }
}

/// <summary>Reads the files that <c>profiling/sitecustomize.py</c> writes.</summary>
internal static class PythonSamples
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
        foreach (var own in (string[])["/snakepit_worker/", "/adapters/"])
        {
            if (file.LastIndexOf(own, StringComparison.Ordinal) is var at and >= 0)
            {
                return new Frame(name, file[(at + 1)..], IsOwn: true);
            }
        }

        return new Frame(name, Path.GetFileName(file), IsOwn: false);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
