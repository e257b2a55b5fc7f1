using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Conventions.Documents;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Samples;

/// <summary>A sample that runs as a program of its own. Disposing kills the program if it is still running.</summary>
internal sealed partial class SampleProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private SampleProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Finds the processes of the program.</summary>
    public ProcessTrace Trace { get; private init; } = new();

    /// <summary>What the program has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The address of which the program has printed that it listens there.</summary>
    public Uri Address => new(Listening().Match(Output).Groups["address"].Value);

    /// <summary>Starts a sample in a working directory, with environment variables.</summary>
    public static Task<SampleProcess> StartAsync(string sample, string directory, IReadOnlyDictionary<string, string> variables) =>
        StartProgramAsync(Path.Combine(Repository.Root, "artifacts", "bin", sample, "release", $"{sample}.dll"), directory, variables);

    /// <summary>Starts any program in a working directory, with environment variables.</summary>
    public static async Task<SampleProcess> StartProgramAsync(
        string program, string directory, IReadOnlyDictionary<string, string> variables)
    {
        var start = await Tools.StartInfoAsync(Tools.Dotnet, ["exec", program], directory, variables);
        var trace = new ProcessTrace();
        trace.Tag(start.Environment);
        return new SampleProcess(new Process { StartInfo = start }) { Trace = trace };
    }

    /// <summary>Waits until the program has printed a text.</summary>
    public async Task PrintsAsync(string text)
    {
        await Eventually.True(
            () => Output.Contains(text, StringComparison.Ordinal) || _process.HasExited, () => $"it prints '{text}': {Output}",
            TimeSpan.FromSeconds(60));
        if (_process.HasExited)
        {
            await _process.WaitForExitAsync().InTime(); // until all that it has printed is read
        }

        Assert.Contains(text, Output, StringComparison.Ordinal);
    }

    /// <summary>Returns the paths of the interpreters that run an adapter.</summary>
    public IEnumerable<string> Interpreters(string adapter) => Trace.Alive().Select(pid => File.ReadAllText($"/proc/{pid}/cmdline"))
        .Where(line => line.Contains($"\0adapter={adapter}\0", StringComparison.Ordinal))
        .Select(line => line.Split('\0')[0]).Distinct();

    /// <summary>Stops the program as a service manager does. Returns its exit code when it and all of its processes have ended.</summary>
    public async Task<int> StopAsync()
    {
        Signals.Send(_process.Id, Signals.Terminate);
        await _process.WaitForExitAsync().InTime();
        Trace.AssertNothingIsLeft();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Add(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>\S+)")]
    private static partial Regex Listening();
}
