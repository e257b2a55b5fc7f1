using Snakepit.Benchmarks.Commands;
using Snakepit.Benchmarks.Repository;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Measurement.Comparison;
using Snakepit.Tests.Functional.Measurement;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>Tests the exit codes of the command line program <c>bench</c>.</summary>
public sealed class CommandLine
{
    [Theory]
    [InlineData("--rounds must be a whole number from 40", "pin", "HEAD", "--reason", "because", "--rounds", "61")]
    [InlineData("--rounds must be a whole number from 40", "pin", "HEAD", "--reason", "because", "--rounds", "39")]
    [InlineData("--rounds must be a whole number from 1 to 60; it is 'abc'", "run", "--rounds", "abc")]
    [InlineData("--rounds must be a whole number from 1 to 60; it is '1.5'", "run", "--rounds", "1.5")]
    [InlineData("--rounds must be a whole number from 1 to 60; it is '1000000000000'", "run", "--rounds", "1000000000000")]
    [InlineData("--rounds must be a whole number from 1 to 60; it is ''", "run", "--rounds", "")]
    [InlineData("--rounds", "run", "--rounds")]
    [InlineData("--rounds", "run", "--rounds", "1", "--rounds", "2")]
    [InlineData("--rounds must be a whole number from 40 to 60; it is '4e1'", "pin", "HEAD", "--reason", "because", "--rounds", "4e1")]
    [InlineData("--rounds must be a whole number from 7 to 60; it is '0x10'", "study", "transports", "--rounds", "0x10")]
    [InlineData("--seed must be a whole number from -2147483648 to 2147483647; it is '1e9'", "run", "--seed", "1e9")]
    [InlineData("--seed must be a whole number", "study", "transports", "--seed", "99999999999")]
    [InlineData("--minutes must be a whole number from 0 to 1000000; it is '-1'", "validate", "--minutes", "-1")]
    [InlineData("--minutes must be a whole number from 0 to 1000000; it is '10m'", "validate", "--minutes", "10m")]
    [InlineData("--out must name a file; it is empty", "run", "--out", "")]
    [InlineData("/tmp/ is a folder", "run", "--out", "/tmp/")]
    [InlineData("'file' must name a file; it is empty", "confirm", "")]
    [InlineData("'' is neither a file nor a commit of this clone", "compare", "", "x")]
    [InlineData("'HEAD' and 'HEAD' are the same commit", "compare", "HEAD", "HEAD")]
    [InlineData("There is no scenario 'sunshine'", "compare", "HEAD~1", "HEAD", "sunshine")]
    [InlineData("Throughput has no metric 'sunshine'", "why", "throughput", "sunshine")]
    [InlineData("--rounds must be a whole number from 2 to 60; it is '1'", "why", "throughput", "--rounds", "1")]
    [InlineData("/tmp: it is a folder", "confirm", "/tmp")]
    [InlineData("'/tmp' is neither a file nor a commit of this clone", "compare", "/tmp", "/tmp")]
    [InlineData("--phases", "run", "--phases=maybe")]
    [InlineData("There is no scenario 'maybe'", "validate", "--restart=maybe")]
    [InlineData("--reason must say why", "pin", "HEAD", "--reason", " ")]
    [InlineData("--reason must say why", "accept", "--reason", "\u200B\u2060\u00AD\u3164")]
    [InlineData("--reason", "accept", "--reason", "one", "--reason", "two")]
    [InlineData("There is no scenario 'sunshine'", "accept", "sunshine", "--reason", "@bob agreed in review")]
    [InlineData("There is no trial whose name contains 'sunshine'", "validate", "--only", "sunshine")]
    [InlineData("There is no trial whose name contains 'lock'", "validate", "recovery", "--only", "lock")]
    [InlineData("There is no scenario 'sunshine'", "validate", "sunshine")]
    [InlineData("--phases needs one of these scenarios: Startup", "run", "latency", "--phases")]
    public async Task A_wrong_command_line_is_explained_and_has_not_the_exit_code_of_a_regression(string message, params string[] arguments)
    {
        var program = Path.Combine(CandidateBuild.Directory, "Snakepit.Benchmarks.dll");
        var result = await Subprocess.RunAsync(DotnetEnvironment.Muxer, ["exec", program, .. arguments], CancellationToken.None).InTime();
        Assert.Equal(ExitCode.Broken, result.ExitCode);
        var line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(message, line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_exit_code_is_that_of_the_gravest_outcome()
    {
        var passed = Verdict(Synthetic.Metric("time", 0));
        var unsure = Verdict(Synthetic.Metric("time", 0, 0.5, rounds: 40));
        var regressed = Verdict(Synthetic.Metric("time", 0.25));
        var broken = new ScenarioVerdict(passed.Result with { Failure = "the host has ended" }, []);
        var missed = Verdict(Synthetic.Metric("limit", 0.01, pin: 995));
        var unfit = Verdict(Synthetic.Metric("limit", 0, pin: 1_500));
        Assert.Equal(ExitCode.Pass, ExitCode.Of([passed]));
        Assert.Equal(ExitCode.MachineUnfit, ExitCode.Of([passed, unsure]));
        Assert.Equal(ExitCode.MachineUnfit, ExitCode.Of([passed, unfit]));
        Assert.Equal(ExitCode.Regression, ExitCode.Of([unsure, regressed]));
        Assert.Equal(ExitCode.Regression, ExitCode.Of([passed, missed]));
        Assert.Equal(ExitCode.Broken, ExitCode.Of([regressed, broken]));
        Assert.Equal(ExitCode.Broken, ExitCode.Of([]));
    }

    private static ScenarioVerdict Verdict(Snakepit.Measurement.Runs.MetricResult metric)
    {
        var session = Synthetic.Session(metric);
        return ScenarioVerdict.Of(session, Synthetic.Accepting(session), Synthetic.Policy);
    }
}
