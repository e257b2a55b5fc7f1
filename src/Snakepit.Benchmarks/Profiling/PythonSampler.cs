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
            environment["PYTHONPATH"] =
                environment.TryGetValue("PYTHONPATH", out var path) && path is { Length: > 0 } ? $"{own}:{path}" : own;
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
