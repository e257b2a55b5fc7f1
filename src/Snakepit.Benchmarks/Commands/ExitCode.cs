using Snakepit.Benchmarks.Gate;
using Snakepit.Measurement.Claims;
using Snakepit.Measurement.Comparison;

namespace Snakepit.Benchmarks.Commands;

/// <summary>The exit codes of all commands.</summary>
internal static class ExitCode
{
    /// <summary>No metric got worse, and all targets are met.</summary>
    public const int Pass = 0;

    /// <summary>A metric regressed, or missed its target.</summary>
    public const int Regression = 1;

    /// <summary>The measurement failed, there is nothing to compare with, or the command line is wrong.</summary>
    public const int Broken = 2;

    /// <summary>There is no verdict, because this machine is too slow, too noisy, or lacks Python.</summary>
    public const int MachineUnfit = 3;

    /// <summary>Returns the exit code of the worst outcome among the scenarios; <see cref="Broken"/> if there are no scenarios.</summary>
    public static int Of(IReadOnlyCollection<ScenarioVerdict> verdicts)
    {
        var worst = verdicts.Select(verdict => verdict.Outcome).DefaultIfEmpty(GateOutcome.Broken).Max();
        var targets = verdicts.SelectMany(verdict => verdict.Metrics).Select(metric => metric.Target?.Outcome).ToHashSet();
        return worst == GateOutcome.Broken ? Broken
            : worst == GateOutcome.Regressed || targets.Contains(TargetOutcome.Missed) ? Regression
            : worst == GateOutcome.NotComparable ? Broken
            : worst == GateOutcome.Inconclusive || targets.Contains(TargetOutcome.MachineUnfit) ? MachineUnfit
            : Pass;
    }

    /// <summary>
    /// Returns the exit code for the claims of a study: <see cref="Regression"/> if a claim that compares two ways of doing the same thing
    /// fails, <see cref="MachineUnfit"/> if any other claim is not met. A missed limit in milliseconds or megabytes is no regression,
    /// because these limits are set for a machine with two idle cores, and this machine may be slower.
    /// </summary>
    public static int OfClaims(IEnumerable<ClaimVerdict> claims)
    {
        var unmet = claims.Where(claim => claim.Claim.AtLeast is not null && claim.Outcome != ClaimOutcome.Holds).ToList();
        return unmet.Exists(claim => claim.Outcome == ClaimOutcome.Fails && claim.Other is not null) ? Regression
            : unmet.Count > 0 ? MachineUnfit
            : Pass;
    }

    /// <summary>
    /// Tells which files could not be written, and returns the exit code. Only a pass becomes <see cref="Broken"/>, because whoever needs a
    /// file must notice. Every other verdict says more than a missing file.
    /// </summary>
    /// <param name="code">The exit code of what was measured.</param>
    /// <param name="files">The files that were to be written.</param>
    /// <param name="report">Called with a line of text for each file that could not be written.</param>
    public static int With(int code, OutputFiles files, Action<string> report)
    {
        foreach (var problem in files.Problems)
        {
            report(problem);
        }

        return files.Problems.Count > 0 && code == Pass ? Broken : code;
    }
}
